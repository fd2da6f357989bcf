# For tests of runtimes, on a private machine (see private-machine): a root file system, waiting, and what
# must be true of every runtime.
# shellcheck shell=bash

load ../e2e/host
load ../e2e/completion

# rootfs DIRECTORY: busybox and nothing else. Links by hand: "busybox --install -s" links to wherever it lies.
rootfs() {
  local applet
  mkdir -p "$1"/{bin,etc,dev,proc,sys,tmp,root,run,usr,var}
  cp /bin/busybox "$1/bin/busybox"
  for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -sf busybox "$1/bin/$applet"; done
  ln -s bin "$1/sbin"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}

# until_true COMMAND...: waits for it, 10 s at most.
until_true() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.05
  done
  fail "not within 10 s: $*"
}

# assert_found WORD CANONICAL PID
assert_found() {
  run netwire --dry-run br1 "$1" 0/0
  assert_success
  assert_output --partial " $2' master br1"
  assert_output --partial "netns /proc/$3/ns/net"
}

# assert_refused WORD LINE...: exit status 3, and just these lines
assert_refused() {
  local word=$1
  shift
  run netwire --timeout 0.5 br1 "$word" 0/0
  assert_failure 3
  assert_output "$(printf '%s\n' "$@")"
}

# assert_ping WORD WORD: both get an interface on a bridge, one reaches the other, and nothing is left.
assert_ping() {
  netwire br1 "$1" 10.9.0.1/24
  netwire br1 "$2" 10.9.0.2/24
  run netwire exec "$1" -- ping -c 1 -W 2 10.9.0.2
  assert_success
  netwire del "$1"
  netwire del "$2"
}

# An OCI bundle with a network namespace of its own and no more capabilities than there are here.
bundle() {
  mkdir -p "$1"
  [ -d "$1/rootfs" ] || rootfs "$1/rootfs"
  (cd "$1" && rm -f config.json && runc spec)
  jq 'del(.process.rlimits) | .process.terminal = false | .process.args = ["sleep", "100000"]' \
    "$1/config.json" >"$1/config.new"
  mv "$1/config.new" "$1/config.json"
}

# What containers left behind of cgroups is empty by now.
forget_cgroups() {
  local parent
  for parent; do
    # shellcheck disable=SC2086 # a pattern
    find /sys/fs/cgroup/*/$parent -depth -type d -exec rmdir {} + 2>/dev/null || :
  done
}
