load host
load lan
load fault

@test "a failure at any single step leaves host and container as they were" {
  container A
  uplink "$A"
  iptables -P FORWARD DROP || : # where there is one, its rules are steps too
  before=$(state)
  each_step_fails br1 "$A" 10.0.0.1/24@10.0.0.254,10.0.1.1/32,fd00::1/64@fd00::ff
  [ "$STEPS" -ge 12 ] || fail "only $STEPS steps were tried"
  netwire del "$A"
  assert_same_state "$before"
}

@test "the same for macvlan, in a container and for the host itself" {
  container A
  uplink "$A"
  lan
  before=$(state)
  each_step_fails nic0 "$A" 10.1.0.1/24@10.1.0.100,fd01::1/64
  [ "$STEPS" -ge 8 ] || fail "only $STEPS steps were tried"
  netwire del "$A"
  real_ip
  each_step_fails nic0 host 10.1.0.250/24
  netwire del host
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

@test "a failure at the firewall's step undoes the bridge and the rule of the other family" {
  need iptables ip6tables
  container A
  iptables -P FORWARD DROP
  ip6tables -P FORWARD DROP
  each_step_fails br1 "$A" 10.0.0.1/24,fd00::1/64
  [ "$STEPS" -ge 11 ]
}

@test "sysctls that cannot be written undo the rest" {
  container A
  local before
  before=$(state)
  mount --bind /proc/sys /proc/sys
  mount -o remount,ro,bind /proc/sys
  run netwire br1 "$A" 10.0.0.1/24
  umount /proc/sys
  assert_failure 1
  assert_output --partial 'arp_notify'
  assert_output --partial 'everything was undone'
  assert_same_state "$before"
}
