# shellcheck shell=bash
# Tools in front of the real ones, under which the Nth change of a command fails, as the kernel fails it: a
# line for ip is replaced by one that cannot succeed, another tool's change is not made and an error. Each
# change may be made to take its time.
fault_injection() {
  real_ip
  rm -rf /run/fault
  mkdir -p /run/fault
  cp "$(command -v ip)" /run/fault/real-ip
  cat >/run/fault/ip <<'SH'
#!/bin/bash
[ "${!#}" = - ] || exec /run/fault/real-ip "$@"
while IFS= read -r line; do
  if [[ $line == @(link|addr|route)\ @(add|set|del)\ * ]]; then
    count=$(($(</run/fault/count) + 1))
    echo $count >/run/fault/count
    [ "$(</run/fault/delay)" = 0 ] || sleep "$(</run/fault/delay)"
    [ $count != "$(</run/fault/at)" ] || line=$(</run/fault/line)
  fi
  printf '%s\n' "$line"
done | /run/fault/real-ip "$@"
SH
  chmod +x /run/fault/ip
  echo 'link set dev injected up' >/run/fault/line
  fail_at 0
  mount --bind /run/fault/ip "$(readlink -f "$(command -v ip)")"
  local tool real
  for tool in bridge ovs-vsctl iptables ip6tables; do
    real=$(readlink -f "$(command -v $tool)") || continue
    # iptables and ip6tables are one program, which goes by the name it is called by.
    [ ! -e "/run/fault/real-${real##*/}" ] || continue
    cp "$real" "/run/fault/real-${real##*/}"
    sed "s|REAL|/run/fault/real-${real##*/}|" >"/run/fault/${real##*/}" <<'SH'
#!/bin/bash
if [[ " $* " =~ \ (vlan\ add|vlan\ del|add-port|del-port|add-br|del-br|set\ Port|-I|-D)\  ]]; then
  count=$(($(</run/fault/count) + 1))
  echo $count >/run/fault/count
  [ "$(</run/fault/delay)" = 0 ] || sleep "$(</run/fault/delay)"
  [ $count != "$(</run/fault/at)" ] || { echo 'fault "injected"' >&2; exit 1; }
fi
exec -a "$0" REAL "$@"
SH
    chmod +x "/run/fault/${real##*/}"
    mount --bind "/run/fault/${real##*/}" "$real"
  done
}

# fail_at N [DELAY]: 0 for none
fail_at() {
  echo 0 >/run/fault/count
  echo "$1" >/run/fault/at
  echo "${2:-0}" >/run/fault/delay
}

real_ip() {
  local tool
  for tool in ip bridge ovs-vsctl iptables; do
    umount "$(readlink -f "$(command -v $tool)")" 2>/dev/null || :
  done
}

eval "$(declare -f teardown | sed '1s/teardown/host_teardown/')"
teardown() {
  real_ip
  host_teardown
}

# Fails each change of a command in turn; each time the state must be as before. In the end it works. Where that
# would take too long each NETWIRE_FAULT_STRIDE-th, from one by chance.
each_step_fails() {
  local before step stride=${NETWIRE_FAULT_STRIDE:-1}
  before=$(state)
  fault_injection
  for step in $(seq $((1 + RANDOM % stride)) "$stride" 60); do
    fail_at "$step"
    run netwire "$@"
    [ "$status" != 0 ] || break
    assert_failure 1
    assert_output --partial '"injected"; everything was undone'
    fail_at 0
    assert_same_state "$before"
  done
  assert_success
  fail_at 0
  # The last one failed may have been of what goes when all is done.
  [ "$stride" = 1 ] || netwire -q gc
  STEPS=$((step - 1))
  # For the table of faults.
  [ -z "${NETWIRE_FAULT_LOG:-}" ] || echo "$STEPS $BATS_TEST_DESCRIPTION" >>"$NETWIRE_FAULT_LOG"
}
