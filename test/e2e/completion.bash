# Drives the completion of real shells. Their scripts are in /run/completion.
# shellcheck shell=bash
# shellcheck disable=SC2016 # for other shells to read

completion_scripts() {
  mkdir -p /run/completion/bin /run/completion/cwd
  local shell
  for shell in bash zsh fish; do netwire completion "$shell" >"/run/completion/netwire.$shell"; done
}

# A sysfs that shows this host's links, the scripts, and commands that stand in for real ones.
completion_setup() {
  mount -t sysfs sysfs /sys
  completion_scripts
  # No TAB starts these.
  fake node 'touch /run/completion/started; exit 1'
  fake netwire 'touch /run/completion/started; exit 1'
  fake docker 'exit 1'
  fake podman 'exit 1'
}

# fake COMMAND SCRIPT: a stand-in for a command, in a shell's PATH only
fake() {
  printf '#!/bin/sh\n%s\n' "$2" >"/run/completion/bin/$1"
  chmod +x "/run/completion/bin/$1"
}

in_shell() {
  (
    cd /run/completion/cwd || exit
    PATH=/run/completion/bin:$PATH HOME=/run/completion TERM=xterm "$@"
  )
}

# offers SHELL LINE: what TAB offers at the end of a line, a word a line (zsh also runs it)
offers() {
  rm -f /run/completion/said
  case $1 in
    bash) in_shell bash --norc --noprofile -c "$BASH_DRIVER" bash "$2" ;;
    zsh)
      # All matches are put into the line, behind the words that were there.
      typed zsh "$2"$'\x18a' >/run/completion/words
      local -a words
      read -ra words <<<"$2"
      local typed=${words[-1]}
      [[ $2 != *' ' ]] || typed='' words+=('')
      # Where there are none, what was typed stays as it is.
      tail -n "+$((${#words[@]} - 1))" /run/completion/words | grep -vxF -e "${typed:- }" || :
      ;;
    fish)
      in_shell fish -c 'source /run/completion/netwire.fish; complete -C $argv[1]' "$2" | cut -f 1
      ;;
  esac | LC_ALL=C sort -u
}

# assert_offers SHELL LINE WORD...: these and no others
assert_offers() {
  local shell=$1 line=$2
  shift 2
  assert_equal "$(offers "$shell" "$line")" "$(printf '%s\n' "$@" | LC_ALL=C sort -u)"
}

# Words as readline splits them: COMP_WORDBREAKS are words too.
BASH_DRIVER='
  source /run/completion/netwire.bash
  COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() rest=$1
  while [[ $rest =~ ^[[:space:]]*([^[:space:]:=@]+|[:=]+|@[^[:space:]:=@]*) ]]; do
    COMP_WORDS+=("${BASH_REMATCH[1]}")
    rest=${rest#"${BASH_REMATCH[0]}"}
  done
  [[ $1 != *" " ]] || COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  last=${COMP_WORDS[COMP_CWORD]}
  [[ $last != [:=]* ]] || last=
  cur=${1##* }
  before=${cur%"$last"}
  _netwire
  [[ ${#COMPREPLY[@]} == 0 ]] || printf "%s\n" "${COMPREPLY[@]/#/$before}"
'

# typed SHELL KEYS [SETUP]: types a command line in an interactive shell on a terminal, and prints the words that
# netwire gets of it, a word a line
typed() {
  rm -f /run/completion/said
  local setup='PS1=; netwire() { printf "%s\n" "$@" >/run/completion/said; }'
  case $1 in
    bash) setup+='; bind "set bell-style none"; source /run/completion/netwire.bash' ;;
    zsh)
      setup+='; autoload -Uz compinit; compinit -C; source /run/completion/netwire.zsh; setopt no_beep;'
      setup+=' zle -C all complete-word _generic; bindkey "^Xa" all; zstyle ":completion:all:*" insert yes;'
      setup+=' zstyle ":completion:all::::" completer _all_matches _complete'
      ;;
  esac
  local command='bash --norc --noprofile -i'
  [ "$1" = bash ] || command='zsh -f -i'
  printf '%s\n' "${3:-$setup}" "$2" exit >/run/completion/keys
  in_shell timeout 20 script -qec "$command" /dev/null </run/completion/keys >/run/completion/screen 2>&1 || :
  cat /run/completion/said 2>/dev/null || :
}
