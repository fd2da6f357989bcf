# shellcheck shell=bash
# Makes the private host one that has busybox's tools alone: all of busybox's applets stand in
# /usr/sbin, where netwire looks first, and there is no `bridge`. The tests themselves go on with the
# real tools. iptables stays, which busybox has not.

BUSYBOX=${BUSYBOX:-$(command -v busybox || :)}

setup_file() {
  need busybox flock
  # util-linux's, for the tests.
  FLOCK=$(command -v flock)
  export FLOCK
  local applet tool
  mkdir -p /run/real /run/sbin
  mount --bind /usr/sbin /run/real
  for applet in $("$BUSYBOX" --list); do ln -s "$BUSYBOX" "/run/sbin/$applet"; done
  for tool in /usr/sbin/*tables*; do ln -s "/run/real/${tool##*/}" /run/sbin; done
  [ -e /run/sbin/flock ] || plain_flock
  mount --bind /run/sbin /usr/sbin
}

# Debian's busybox is built without flock. This one takes what busybox's takes: FILE PROG ARGS, neither
# --no-fork nor -w.
plain_flock() {
  cat >/run/sbin/flock <<SH
#!/bin/sh
case \$1 in -*) echo "flock: unrecognized option '\$1'" >&2 && exit 1 ;; esac
exec $FLOCK "\$@"
SH
  chmod +x /run/sbin/flock
}

# What netwire finds: no real tools.
NODE=$(command -v node)
netwire() { PATH=/usr/bin:/bin "$NODE" "$NETWIRE_ROOT/bin/netwire" "$@"; }

# The same on the machine as it was before.
iproute2_netwire() {
  umount /usr/sbin
  local status=0
  node "$NETWIRE_ROOT/bin/netwire" "$@" || status=$?
  mount --bind /run/sbin /usr/sbin
  return "$status"
}

eval "$(declare -f setup | sed '1s/setup/host_setup/')"
setup() {
  host_setup
  PATH=/run/real:/usr/bin:$PATH
}

# The Nth change by busybox's tools fails, before it was done, or with `fail_at N after` when it was.
FAULTY=(ip brctl sysctl unshare sh)
fault_injection() {
  local tool
  mkdir -p /run/fault
  fail_at 0
  cat >/run/fault/busybox <<'SH'
#!/bin/bash
tool=${0##*/}
run() { (exec -a "$tool" /run/fault/real "$@"); }
case "$tool $1 $2" in
  "ip link show" | "ip addr show" | "ip route show" | "ip -6 "*) ;;
  # It may fail.
  sysctl*/accept_ra=0) ;;
  ip* | brctl* | sysctl*) changes=1 ;;
  sh*) case $* in *'ip link set dev'*) changes=1 ;; esac ;;
  unshare*) case $* in *ifalias\"*) changes=1 ;; esac ;;
esac
if [ "$changes" ]; then
  count=$(($(</run/fault/count) + 1))
  echo $count >/run/fault/count
  sleep "$(</run/fault/delay)"
  if [ $count = "$(</run/fault/at)" ]; then
    [ "$(</run/fault/when)" = before ] || { run "$@" && kill -9 $$; }
    echo "$tool: injected" >&2
    exit 1
  fi
fi
run "$@"
SH
  chmod +x /run/fault/busybox
  [ -e /run/fault/real ] || cp "$BUSYBOX" /run/fault/real
  for tool in "${FAULTY[@]}"; do ln -sf /run/fault/busybox "/usr/sbin/$tool"; done
  # Debian's busybox runs its own applets behind nsenter, whatever is on the PATH.
  ln -sf /usr/bin/nsenter /usr/sbin/nsenter
}

# fail_at N [before|after]: 0 for none; "after" is a process killed when its work was done
fail_at() {
  echo 0 >/run/fault/count
  echo "$1" >/run/fault/at
  echo "${2:-before}" >/run/fault/when
  echo 0 >/run/fault/delay
}

no_faults() {
  local tool
  for tool in "${FAULTY[@]}" nsenter; do ln -sf "$BUSYBOX" "/usr/sbin/$tool"; done
}

# Fails each change of a command in turn; each time the state must be as before. In the end it works.
each_step_fails() {
  local before step when=$1
  shift
  before=$(state)
  fault_injection
  for step in $(seq 1 60); do
    fail_at "$step" "$when"
    run netwire "$@"
    [ "$status" != 0 ] || break
    assert_failure 1
    assert_output --partial 'everything was undone'
    fail_at 0
    assert_same_state "$before"
  done
  assert_success
  no_faults
  STEPS=$((step - 1))
}

eval "$(declare -f teardown | sed '1s/teardown/host_teardown/')"
teardown() {
  no_faults
  host_teardown
}
