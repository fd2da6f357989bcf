load host

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

@test "a failure at any single step leaves host and container as they were" {
  local step lines
  container A
  uplink "$A"
  iptables -P FORWARD DROP || : # where there is one, its rules are steps too
  before=$(state)
  fault_injection
  for step in $(seq 1 40); do
    fail_at "$step"
    run netwire br1 "$A" 10.0.0.1/24@10.0.0.254,10.0.1.1/32,fd00::1/64@fd00::ff
    [ "$status" != 0 ] || break
    assert_failure 1
    assert_output --partial 'Cannot find device "injected"; everything was undone'
    fail_at 0
    assert_same_state "$before"
  done
  # It came to its end in the end, and each of its changes had failed once.
  assert_success
  [ "$step" -gt 12 ] || fail "only $step steps were tried"
  fail_at 0
  netwire del "$A"
  assert_same_state "$before"
}

@test "a failure while taking back leaves the attachment as it was" {
  local step
  container A
  uplink "$A"
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  before=$(state)
  fault_injection
  for step in 1 2 3 4; do
    fail_at "$step"
    run netwire del "$A"
    assert_failure 1
    fail_at 0
    assert_same_state "$before"
  done
  run netwire del "$A"
  assert_success
}

@test "a bridge that cannot be removed with its last port is told of, with the command" {
  container A
  netwire br1 "$A" 10.0.0.1/24
  fault_injection
  fail_at 2
  # The link is the first change, the bridge the second.
  echo 'link add name lo type bridge' >/run/fault/line
  run netwire del "$A"
  assert_failure 5
  assert_line 'netwire: not everything could be taken back'
  assert_line 'left: ip link del dev br1'
}

@test "a name that is taken outside changes nothing" {
  container A
  ip link add taken type bridge
  before=$(state)
  run netwire br1 "$A" 10.0.0.1/24 -l taken
  assert_failure 1
  assert_output "netwire: taken: the host has a link of that name already
try: -l NAME"
  assert_same_state "$before"
}

@test "SIGINT, SIGTERM and SIGHUP undo what was done" {
  local signal number ended
  container A
  uplink "$A"
  before=$(state)
  for signal in INT:130 TERM:143 HUP:129; do
    fault_injection
    fail_at 0 0.05
    node "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24@10.0.0.254 >/run/out 2>&1 3>&- &
    number=$!
    until [ "$(</run/fault/count)" -ge 4 ]; do sleep 0.01; done
    kill "-${signal%:*}" "$number"
    ended=0
    wait "$number" || ended=$?
    real_ip
    run cat /run/out
    assert_line "netwire: SIG${signal%:*}: undoing"
    assert_line 'netwire: interrupted: everything was undone'
    assert_equal "$ended" "${signal#*:}"
    assert_same_state "$before"
  done
}

@test "a terminal's Ctrl-C does not cut off the processes at work" {
  need script
  container A
  before=$(state)
  fault_injection
  fail_at 0 0.1
  # script(1) gives it a terminal, and passes the key on to the whole foreground group.
  (until [ "$(</run/fault/count)" -ge 3 ]; do sleep 0.01; done; printf '\003'; sleep 2) |
    script -qec "node $NETWIRE_ROOT/bin/netwire br1 $A 10.0.0.1/24" /dev/null >/run/out 3>&- || :
  real_ip
  run cat /run/out
  assert_output --partial 'everything was undone'
  assert_same_state "$before"
}
