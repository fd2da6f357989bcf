# shellcheck shell=bash
# An ip in front of the real one, under which the Nth change of a command fails, as the kernel fails
# it: the line is replaced by one that cannot succeed. Each change may be made to take its time.
fault_injection() {
  mkdir -p /run/fault
  cp "$(command -v ip)" /run/fault/real-ip
  cat >/run/fault/ip <<'SH'
#!/bin/bash
[ "${!#}" = - ] || exec /run/fault/real-ip "$@"
while IFS= read -r line; do
  if [[ $line == @(link|addr|route)\ @(add|set|del)\ * ]]; then
    count=$(($(</run/fault/count) + 1))
    echo $count >/run/fault/count
    sleep "$(</run/fault/delay)"
    [ $count != "$(</run/fault/at)" ] || line=$(</run/fault/line)
  fi
  printf '%s\n' "$line"
done | /run/fault/real-ip "$@"
SH
  chmod +x /run/fault/ip
  echo 'link set dev injected up' >/run/fault/line
  fail_at 0
  mount --bind /run/fault/ip "$(readlink -f "$(command -v ip)")"
}

# fail_at N [DELAY]: 0 for none
fail_at() {
  echo 0 >/run/fault/count
  echo "$1" >/run/fault/at
  echo "${2:-0}" >/run/fault/delay
}

real_ip() { umount "$(readlink -f "$(command -v ip)")" 2>/dev/null || :; }

eval "$(declare -f teardown | sed '1s/teardown/host_teardown/')"
teardown() {
  real_ip
  host_teardown
}

# Fails each change of a command in turn; each time the state must be as before. In the end it works.
each_step_fails() {
  local before step
  before=$(state)
  fault_injection
  for step in $(seq 1 40); do
    fail_at "$step"
    run netwire "$@"
    [ "$status" != 0 ] || break
    assert_failure 1
    assert_output --partial 'Cannot find device "injected"; everything was undone'
    fail_at 0
    assert_same_state "$before"
  done
  assert_success
  fail_at 0
  STEPS=$((step - 1))
}
