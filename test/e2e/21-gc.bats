load host
load lan
load fault
load ovs

# Kills netwire, and the ip it talks to, at its Nth change.
kill_at() {
  local n=$1
  shift
  fail_at "$n"
  netwire "$@" 3>&- >/dev/null 2>&1 || :
}

# An ip under which netwire is killed at the Nth change, before that is made.
killing() {
  fault_injection
  # shellcheck disable=SC2016
  sed -i 's|line=$(</run/fault/line)|{ kill -9 $(pgrep -f bin/netwire); exit; }|' /run/fault/ip
}

# each_kill COMMAND...: killed at each change in turn, gc leaves the state as it was.
each_kill() {
  local step
  before=$(state)
  killing
  for step in $(seq 1 40); do
    kill_at "$step" "$@"
    fail_at 0
    run in_container "$A" ip -o link show "${IFNAME:-eth1}"
    [ "$status" = 0 ] && [[ $output != *'group 1852142711'* ]] && break
    run netwire gc
    assert_success
    assert_same_state "$before"
  done
  [ "$step" -gt 3 ] || fail "killed at $step steps only"
  netwire del "$A"
  assert_same_state "$before"
}

@test "killed at any change of an attachment to a new bridge, gc leaves nothing of it" {
  container A
  each_kill br1 "$A" 10.0.0.1/24,fd00::1/64
}

@test "killed at any change of a macvlan attachment with a default route, gc leaves nothing, routes included" {
  container A
  lan
  uplink "$A"
  each_kill nic0 "$A" 10.1.0.1/24@10.1.0.100
}

@test "killed at any change of a cable, gc leaves nothing at either end" {
  container A B
  uplink "$A"
  uplink "$B"
  each_kill "veth:$B" "$A" 10.4.0.1/30@10.4.0.2 --peer-address 10.4.0.2/30@10.4.0.1
}

@test "the same command again makes anew what a killed one left unfinished" {
  container A B
  netwire -q br1 "$B" 10.0.0.2/24
  uplink "$A"
  killing
  for step in 3 5 7; do
    kill_at "$step" br1 "$A" 10.0.0.1/24@10.0.0.2
    fail_at 0
    run netwire br1 "$A" 10.0.0.1/24@10.0.0.2
    assert_success
    pings "$A" 10.0.0.2
    netwire del "$A"
  done
}

@test "gc takes what dead containers left, and nothing of anybody else's" {
  container A B
  lan
  open_vswitch
  ip link add br9 type bridge
  ip link add left0 type veth peer name left1
  netwire -q br1 "$A" 10.0.0.1/24
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.2.0.1/24 -i eth2
  kill -9 "$A"
  while ip link show "veth1pl$A" 2>/dev/null; do sleep 0.05; done
  run netwire gc --dry-run
  assert_success
  assert_line 'ip link del dev br1'
  assert_line --partial "del-port ovs0 veth2pl$A"
  run netwire gc
  assert_success
  assert_line 'bridge br1: removed, its last port is gone'
  assert_line 'bridge ovs0: removed, its last port is gone'
  run netwire gc
  assert_success
  assert_output 'netwire: nothing to do'
  run ovs-vsctl list-br
  assert_output ''
  ip link show br9
  ip link show left0
}

@test "a default route that is still demoted although its displacer went by itself comes back" {
  container A B
  uplink "$A"
  before=$(in_container "$A" ip route)
  netwire -q "veth:$B" "$A" 10.4.0.1/30@10.4.0.2
  kill -9 "$B"
  while in_container "$A" ip link show eth1 2>/dev/null; do sleep 0.05; done
  run in_container "$A" ip route show default
  assert_output --partial 'metric 1000000'
  run netwire gc
  assert_success
  assert_line "pid:$A: default routes back at their metrics"
  assert_equal "$(in_container "$A" ip route)" "$before"
  # What has its displacer stays demoted.
  netwire -q br1 "$A" 10.0.0.1/24@10.0.0.254
  run netwire gc
  assert_output 'netwire: nothing to do'
  run in_container "$A" ip route show default
  assert_line --partial 'metric 1000000'
  in_container "$A" ip link set eth1 down
  run netwire gc
  assert_output 'netwire: nothing to do'
  netwire -q del "$A"
  assert_equal "$(in_container "$A" ip route)" "$before"
}

@test "gc as JSON, and words it does not take" {
  run netwire gc --json
  assert_success
  assert_output '{"bridges":[],"returned":[],"links":[],"clients":[],"interfaces":[],"routes":[],"changed":false}'
  run netwire gc c1
  assert_failure 2
}

@test "del --all takes all that netwire made in a container, and nothing else" {
  container A B
  uplink "$A"
  before=$(state)
  netwire -q br1 "$A" 10.0.0.1/24@10.0.0.254
  netwire -q br2 "$A" 10.2.0.1/24@10.2.0.254 -i eth2
  netwire -q "veth:$B" "$A" 10.4.0.1/30 -i cab0
  run netwire del "$A"
  assert_failure 1
  assert_line "try: netwire del pid:$A eth1, or --all"
  run netwire del --all "$A"
  assert_success
  assert_line "pid:$A eth1: taken back"
  assert_line "pid:$A eth2: taken back"
  assert_line "pid:$A cab0: taken back"
  assert_line 'bridge br2: removed, its last port is gone'
  assert_same_state "$before"
  run netwire del --all "$A"
  assert_success
  assert_output --partial 'nothing of it is left to take back'
  run netwire del --all "$A" eth0
  assert_failure 2
  assert_output 'netwire: --all: eth0 says one
try: leave one of them out'
}

# unfinished CONTAINER: what a netwire that was killed leaves in it
unfinished() { in_container "$1" ip link add eth1 group 1852142711 type veth peer name "$2"; }

@test "what gc cannot take away is a failure, not a success, and the rest goes" {
  container A B
  lan
  unfinished "$A" left0
  in_container "$A" ip link set eth1 alias 'netwire:1 home=nic7 mac=02:00:00:00:00:99 mtu=1500'
  unfinished "$B" left0
  before=$(in_container "$A" ip -o link)
  run netwire gc
  assert_failure 1
  assert_output --regexp "^netwire: not everything could be taken away: pid:$A: eth1: it says that it belongs to the host as nic7"
  assert_equal "$(in_container "$A" ip -o link)" "$before"
  run in_container "$B" ip link show eth1
  assert_failure
}

@test "a signal ends gc after what it is at; the next gc takes the rest" {
  container A B
  unfinished "$A" left0
  unfinished "$B" left0
  fault_injection
  fail_at 0 1
  node "$NETWIRE_ROOT/bin/netwire" gc 3>&- >/run/out 2>&1 &
  pid=$!
  until [ "$(cat /run/fault/count)" -ge 1 ]; do sleep 0.02; done
  kill -INT "$pid"
  status=0
  wait "$pid" || status=$?
  assert_equal "$status" 130
  fail_at 0
  left=0
  for one in "$A" "$B"; do in_container "$one" ip link show eth1 && left=$((left + 1)); done
  assert_equal "$left" 1
  netwire gc
  for one in "$A" "$B"; do run in_container "$one" ip link show eth1 && assert_failure; done
}

@test "a cable that a killed netwire left is made anew by the same command, with no process left over" {
  container A B
  killing
  for step in 3 5 7; do
    kill_at "$step" "veth:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30
    fail_at 0
    run netwire "veth:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30
    assert_success
    pings "$A" 10.4.0.2
    netwire del "$A"
  done
}

@test "a pair that a killed netwire had just made is made anew, by a batch as well" {
  container A
  before=$(state)
  born() {
    ip link add name "veth1pl$A" type veth peer name eth1 group 1852142711 netns "/proc/$A/ns/net"
  }
  born
  netwire -q br1 "$A" 10.0.0.1/24
  netwire -q del "$A"
  born
  netwire -q batch <<<"br1 $A 10.0.0.1/24"
  run ip -br link show master br1
  assert_output --regexp "^veth1pl$A@.*UP"
  netwire -q del "$A"
  assert_same_state "$before"
}
