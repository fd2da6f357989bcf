# shellcheck shell=bash
# For tests of the examples: a machine where netwire is installed.

# The command as a user has it, on the PATH.
installed() {
  mkdir -p /run/installed
  ln -sf "$NETWIRE_ROOT/bin/netwire" /run/installed/netwire
  PATH=/run/installed:$PATH
  EXAMPLES=$NETWIRE_ROOT/examples
}

# An example on standard input that is no terminal: nobody is asked.
example() {
  local name=$1
  shift
  run "$EXAMPLES/$name" "$@" </dev/null
}
