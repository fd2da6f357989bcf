load ../e2e/host
load ../e2e/ovs

@test "Open vSwitch with the kernel's datapath: packets, tags, TCP, announcement, and all of it goes" {
  local mac
  container A B C
  open_vswitch
  before=$(state; ovs_state)
  run netwire ovs0 "$A" 10.0.0.1/24,fd00::1/64
  assert_success
  assert_line 'bridge ovs0: made'
  netwire -q ovs0 "$B" 10.0.0.2/24,fd00::2/64
  netwire -q ovs0 "$C" 10.0.0.3/24 @30
  pings "$A" 10.0.0.2
  pings "$A" fd00::2
  run in_container "$A" ping -c 1 -W 1 10.0.0.3
  assert_failure
  run netwire ovs0 "$C" 10.0.0.3/24 @30
  assert_output --partial 'nothing to do'
  in_container "$B" sh -c 'echo hello | timeout 20 busybox nc -l -p 7' 3>&- &
  until in_container "$B" grep -q ':0007 ' /proc/net/tcp /proc/net/tcp6; do sleep 0.05; done
  run in_container "$A" busybox nc -w 5 10.0.0.2 7
  assert_output hello
  run netwire show --json "$A" eth1
  assert_output --partial '"parent":"ovs0","parent_kind":"openvswitch"'
  assert_output --partial "\"command\":\"netwire ovs:ovs0 pid:$A "
  # B's address moves to C: A learns the new MAC.
  netwire -q del "$B"
  netwire -q del "$C"
  mac=02:00:00:00:02:01
  netwire -q ovs0 "$C" 10.0.0.2/24,fd00::2/64 "$mac"
  sleep 0.3
  for address in 10.0.0.2 fd00::2; do
    run in_container "$A" ip neigh show to "$address" dev eth1
    assert_output --partial "lladdr $mac"
  done
  netwire -q del "$A"
  netwire -q del "$C"
  assert_equal "$(state; ovs_state)" "$before"
}

@test "an internal port of the switch is a link like others: it gets a macvlan child" {
  container A
  open_vswitch
  ovs-vsctl add-br lab -- add-port lab int0 -- set Interface int0 type=internal
  ip link set int0 up
  netwire int0 "$A" 10.0.0.1/24
  run netwire show --json "$A" eth1
  assert_output --partial '"kind":"macvlan"'
  assert_output --partial '"parent":"int0","parent_kind":"link"'
}
