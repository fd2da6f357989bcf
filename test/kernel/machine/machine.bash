# shellcheck shell=bash
# Tests that have a machine for themselves: its first namespace, its NICs. Never run anywhere else.
load ../../e2e/host

setup_file() {
  [ "$(uname -n)" = vmrun ] || { echo 'these tests take a machine of their own' >&2; return 1; }
  mkdir -p /run/netns
}
