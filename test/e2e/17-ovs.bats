load host
load fault
load ovs

# The datapath in ovs-vswitchd itself; that of the kernel is tested where there is one (test/kernel).

@test "an Open vSwitch bridge is made, its ports reach each other, and all of it goes" {
  need ethtool
  container A B
  open_vswitch
  before=$(state; ovs_state)
  run netwire --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24,fd00::1/64
  assert_success
  assert_output "bridge ovs0: made
pid:$A eth1: 10.0.0.1/24,fd00::1/64 on ovs0"
  netwire -q ovs0 "$B" 10.0.0.2/24,fd00::2/64
  pings "$A" 10.0.0.2
  pings "$A" fd00::2
  run netwire ovs0 "$A" 10.0.0.1/24,fd00::1/64
  assert_output --partial 'nothing to do'
  run netwire show "$A"
  assert_line --regexp "^pid:$A +eth1 +veth +ovs0 +veth1pl$A +10.0.0.1/24,fd00::1/64 .* netwire$"
  netwire del "$A"
  run ovs-vsctl list-ports ovs0
  assert_output "veth1pl$B"
  run netwire del "$B"
  assert_output "pid:$B eth1: taken back
bridge ovs0: removed, its last port is gone"
  assert_equal "$(state; ovs_state)" "$before"
}

@test "a bridge that was there is used, and stays; its name may be any" {
  container A
  open_vswitch
  ovs-vsctl add-br lab -- set Bridge lab datapath_type=netdev
  before=$(ovs_state)
  netwire lab "$A" 10.0.0.1/24
  run netwire show --json "$A" eth1
  assert_output --partial '"parent":"lab","parent_kind":"openvswitch"'
  netwire ovs:lab "$A" 10.0.0.2/24 -i eth2
  run netwire --ovs-datapath system ovs:lab "$A" 10.0.0.3/24 -i eth3
  assert_failure 1
  assert_output 'netwire: --ovs-datapath system: lab is there with netdev'
  netwire del "$A" eth1
  netwire del "$A" eth2
  assert_equal "$(ovs_state)" "$before"
}

@test "TCP passes, though this datapath fills in no checksums" {
  need ethtool busybox
  container A B
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24
  netwire -q ovs0 "$B" 10.0.0.2/24
  in_container "$B" sh -c 'echo hello | timeout 10 busybox nc -l -p 7' 3>&- &
  until in_container "$B" grep -q ':0007 ' /proc/net/tcp /proc/net/tcp6; do sleep 0.05; done
  run in_container "$A" busybox nc -w 3 10.0.0.2 7
  assert_output hello
}

@test "tags keep ports apart; a tagged port takes its untagged frames only with a VLAN of its own" {
  container A B C
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24 @10
  netwire -q ovs0 "$B" 10.0.0.2/24 --vlan 10
  netwire -q ovs0 "$C" 10.0.0.3/24 @20
  pings "$A" 10.0.0.2
  run in_container "$A" ping -c 1 -W 1 10.0.0.3
  assert_failure
  run netwire ovs0 "$C" 10.0.0.3/24 @20
  assert_output --partial 'nothing to do'
  netwire del "$C"
  netwire -q ovs0 "$C" 10.0.0.3/24 --trunk 20,30-39
  run in_container "$C" ping -c 1 -W 1 10.0.0.1
  assert_failure
  run netwire ovs0 "$C" 10.0.0.3/24 --trunk 30-39,20
  assert_output --partial 'nothing to do'
  run netwire ovs0 "$C" 10.0.0.3/24 --trunk 20
  assert_failure 1
  assert_line --partial 'its tagged VLANs are 20,30-39, not 20'
  netwire del "$C"
  netwire -q ovs0 "$C" 10.0.0.3/24 @10 --trunk 20,30-39
  pings "$C" 10.0.0.1
  assert_equal "$(ovs-vsctl get Port "veth1pl$C" vlan_mode tag trunks | paste -sd' ')" \
    'native-untagged 10 [20, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]'
  run netwire show --json "$C" eth1
  assert_output --partial '"vlan":10,"trunk":["20","30-39"]'
}

@test "the switch is told what the port is for" {
  container A
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24 02:00:00:00:00:01@10
  inode=$(readlink "/proc/$A/ns/net" | tr -dc 0-9)
  assert_equal "$(ovs-vsctl get Interface "veth1pl$A" external_ids)" \
    "{attached-mac=\"02:00:00:00:00:01\", container=\"pid:$A\", container_id=\"pid:$A\", container_iface=eth1, netns=\"$inode\", netwire=\"1\", vlan=\"10\"}"
}

@test "a port that the switch could not make is an error, though ovs-vsctl is content; all is undone" {
  container A
  open_vswitch
  [ ! -d /sys/module/openvswitch ] || skip 'this kernel has the datapath'
  before=$(state; ovs_state)
  # Without the kernel's datapath.
  run netwire ovs0 "$A" 10.0.0.1/24
  assert_failure 1
  assert_line --partial "the switch could not set up 'ovs0'"
  assert_line --partial 'everything was undone'
  assert_line --partial 'try: --ovs-datapath netdev'
  assert_equal "$(state; ovs_state)" "$before"
}

@test "a switch that does not follow is an error in time, undone; what is taken away goes all the same" {
  container A B
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24
  before=$(state; ovs_state)
  kill -STOP "$(ovs_daemon ovs-vswitchd)"
  run netwire ovs0 "$B" 10.0.0.2/24
  assert_failure 1
  assert_output --partial 'ovs-vswitchd did not follow in time; is it running?; everything was undone'
  assert_equal "$(state; ovs_state)" "$before"
  run netwire del "$A"
  assert_success
  run ovs-vsctl list-br
  assert_output ''
}

@test "without a running Open vSwitch it is said" {
  container A
  run netwire ovs0 "$A" 10.0.0.1/24
  assert_failure 1
  assert_output 'netwire: parent ovs0: Open vSwitch does not run on this machine
try: systemctl start openvswitch-switch'
  ip link add ovs1 type veth peer name x
  run netwire ovs:ovs1 "$A" 10.0.0.1/24
  assert_failure 1
  assert_output --partial 'Open vSwitch does not run on this machine'
  run netwire --ovs-datapath netdev br1 "$A" 10.0.0.1/24
  assert_failure 2
  run netwire --ovs-datapath fast ovs0 "$A" 10.0.0.1/24
  assert_failure 2
}

@test "a port whose container died is taken away by del, and a stale one is no hindrance" {
  container A B
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24 -l outside
  kill -9 "$A"
  while ip link show outside 2>/dev/null; do sleep 0.05; done
  run ovs-vsctl list-ports ovs0
  assert_output outside
  netwire -q ovs0 "$B" 10.0.0.2/24 -l outside
  run ovs-vsctl list-ports ovs0
  assert_output outside
  kill -9 "$B"
  while ip link show outside 2>/dev/null; do sleep 0.05; done
  run netwire del "pid:$B"
  assert_success
  run ovs-vsctl list-br
  assert_output ''
}

@test "a failure at any single step leaves the switch as it was" {
  container A
  open_vswitch
  ovs-vsctl add-br lab -- set Bridge lab datapath_type=netdev
  before=$(ovs_state)
  each_step_fails lab "$A" 10.0.0.1/24@10.0.0.254 @10
  [ "$STEPS" -ge 8 ] || fail "only $STEPS steps were tried"
  netwire del "$A"
  assert_equal "$(ovs_state)" "$before"
}

@test "a bridge that the host has an address on stays" {
  container A
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24
  ip addr add 10.0.0.254/24 dev ovs0
  netwire del "$A"
  run ovs-vsctl list-br
  assert_output ovs0
}

@test "an address that moves between ports of the switch is announced, by IPv4 and IPv6" {
  local round mac
  container A B C
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$C" 10.0.0.3/24,fd00::3/64
  netwire -q ovs0 "$A" 10.0.0.1/24,fd00::1/64
  from=$A to=$B
  for round in $(seq 1 10); do
    pings "$C" 10.0.0.1
    pings "$C" fd00::1
    netwire -q del "$from"
    mac=$(printf '02:00:00:00:02:%02x' "$round")
    netwire -q ovs0 "$to" 10.0.0.1/24,fd00::1/64 "$mac"
    for address in 10.0.0.1 fd00::1; do
      sleep 0.05
      run in_container "$C" ip neigh show to "$address" dev eth1
      assert_output --partial "lladdr $mac"
    done
    [ "$from" = "$A" ] && from=$B to=$A || { from=$A to=$B; }
  done
}

@test "the canonical command makes the same again, and the dry run's lines do it in a shell" {
  need jq
  container A
  open_vswitch
  before=$(state; ovs_state)
  sh -euc "$(netwire -n --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24 02:00:00:00:00:01@10 --trunk 20)"
  run netwire ovs0 "$A" 10.0.0.1/24 02:00:00:00:00:01@10 --trunk 20
  assert_output --partial 'nothing to do'
  json=$(netwire show "$A" eth1 --json)
  command=$(jq -r '.[0].command' <<<"$json")
  assert_equal "$command" "netwire --ovs-datapath netdev --vlan 10 --trunk 20 ovs:ovs0 pid:$A 10.0.0.1/24 02:00:00:00:00:01"
  sh -euc "$(netwire -n del "$A")"
  assert_equal "$(state; ovs_state)" "$before"
  eval "$command"
  assert_equal "$(settled "$(netwire show "$A" eth1 --json)")" "$(settled "$json")"
}

@test "--replace changes tags in place, takes the switch's bridge along, and each step's failure leaves all as it was" {
  container c1 c2
  open_vswitch
  netwire ovs0 "$c1" 10.0.0.1/24 --ovs-datapath netdev @10
  netwire ovs0 "$c2" 10.0.0.2/24 @20
  netwire --replace ovs0 "$c1" 10.0.0.1/24 02:00:00:00:00:66@20
  pings "$c1" 10.0.0.2
  assert_equal "$(ovs-vsctl --bare --columns=external_ids find Interface name="veth1pl$c1" | tr ' ' '\n' | grep -c 'vlan=20\|attached-mac=02:00:00:00:00:66')" 2
  run netwire --replace ovs0 "$c1" 10.0.0.1/24 --trunk 30-32
  assert_success
  run netwire ovs0 "$c1" 10.0.0.1/24 --trunk 30,31,32
  assert_output --partial 'nothing to do'
  netwire del "$c2"
  local before switch
  before=$(state)
  switch=$(ovs_state)
  each_step_fails --replace br1 "$c1" 10.0.0.1/24
  [ "$STEPS" -ge 8 ]
  real_ip
  run ovs-vsctl list-br
  assert_output ''
  netwire --replace ovs0 "$c1" 10.0.0.1/24 --trunk 30-32 --ovs-datapath netdev
  assert_equal "$(ovs_state | grep -v uuid | sed -E 's/attached-mac="[^"]*"//')" "$(sed -E 's/attached-mac="[^"]*"//' <<<"$switch")"
  run ip link show br1
  assert_failure
}
