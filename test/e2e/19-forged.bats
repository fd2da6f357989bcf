load host
load lan
load ovs

# What a container that may administer its own links can do to its host: nothing.

@test "a link that a container made and marked as the host's does not come out" {
  container A B
  in_container "$A" ip link add evil type veth peer name p
  in_container "$A" ip link set evil alias 'netwire:1 home=br1 mac=02:00:00:00:00:99 mtu=1400 up alias=netwire%3A1'
  before=$(state)
  run netwire del "$A"
  assert_failure 1
  assert_line "netwire: evil: it says that it belongs to the host as br1, but it is of kind veth: pid:$A could have made it itself"
  assert_line "try: netwire del --force pid:$A evil"
  assert_same_state "$before"
}

@test "a mark inside changes nothing for a link whose host end bears netwire's" {
  container A
  before=$(state)
  for forged in 'home=eth7 mac=02:00:00:00:00:98 mtu=1500 up' 'peer=4' 'parent=lo'; do
    netwire -q bridge:lan "$A" 10.5.0.1/24
    in_container "$A" ip link set eth1 alias "netwire:1 $forged"
    run netwire bridge:lan "$A" 10.5.0.1/24
    assert_output --partial 'nothing to do'
    run netwire show "$A"
    assert_line --regexp "^pid:$A +eth1 +veth +lan +veth1pl$A .* netwire$"
    run netwire del "$A"
    assert_success
    assert_output "pid:$A eth1: taken back
bridge lan: removed, its last port is gone"
    assert_same_state "$before"
  done
}

@test "a home that is no name is no home" {
  container A
  in_container "$A" ip link add evil type veth peer name p
  in_container "$A" ip link set evil alias 'netwire:1 home=%1b[31mX mac=02:00:00:00:00:99 mtu=1400'
  run netwire del "$A" evil
  assert_failure 1
  assert_output --partial 'netwire did not make this interface'
}

@test "a NIC that is back from its container and in use again is not touched by a del of something else" {
  lan
  ip addr add 192.0.2.2/24 dev nic0
  ip route add default via 192.0.2.1
  ip link set nic0 alias 'netwire:1 home=eth3 mac=02:00:00:00:00:55 mtu=1500 up'
  before=$(state)
  run netwire del pid:999999
  assert_success
  assert_line 'netwire: nic0: it is eth3, back from a container, but in use; set it down, and netwire gc brings it home'
  assert_same_state "$before"
  ip addr flush dev nic0
  ip link set nic0 down
  run netwire del pid:999999
  assert_line 'link eth3: at home again'
  run ip link show eth3
  assert_output --partial 'link/ether 02:00:00:00:00:55'
}

@test "a NIC that the container renamed meanwhile is not called undone" {
  container A
  lan
  ip addr add 10.1.0.9/24 dev nic0
  # shellcheck disable=SC2016
  nsenter -t "$A" -n bash -c 'for i in $(seq 5000); do ip link set eth1 name lan9 2>/dev/null && break; done' 3>&- &
  racer=$!
  run netwire phys:nic0 "$A" 10.1.0.1/24
  kill "$racer" 2>/dev/null || :
  if in_container "$A" ip link show lan9 >/dev/null 2>&1; then
    assert_failure 5
    assert_output --partial 'not everything could be undone'
    assert_output --regexp 'netns /proc/[0-9]+/ns/net name nic0'
    # Its mark tells where it belongs, under whatever name.
    netwire del --force "$A" lan9
    ip link show nic0
  fi
}

@test "a NIC that bears a mark already keeps its home" {
  container A B
  lan
  mac=$(ip -o link show nic0 | sed -E 's/.*ether ([^ ]+).*/\1/')
  ip link set nic0 down alias "netwire:1 home=nic0 mac=$mac mtu=1500 up"
  netwire -q phys:nic0 "$B" 10.1.0.1/24
  netwire -q del --force "$B"
  run ip link show nic0
  assert_output --partial ',UP'
  refute_output --partial alias
}

@test "the same command finds a NIC that is back under another name" {
  container A B
  lan
  mac=$(ip -o link show nic0 | sed -E 's/.*ether ([^ ]+).*/\1/')
  ip link set nic0 down
  ip link set nic0 name dev7
  ip link set dev7 alias "netwire:1 home=nic0 mac=$mac mtu=1500 up"
  run netwire phys:nic0 "$A" 10.1.0.1/24
  assert_success
  assert_output "pid:$A eth1: 10.1.0.1/24 on nic0"
  pings "$A" 10.1.0.100
  netwire -q del --force "$A"
  ip link show nic0
}

@test "a route that leaves by another link as well is not taken along" {
  container A
  lan
  ip link add nic1 type veth peer name port1
  ip link set nic1 up
  ip addr add 10.1.0.9/24 dev nic0
  ip addr add 10.2.0.9/24 dev nic1
  ip route add 10.99.0.0/16 nexthop via 10.1.0.254 nexthop via 10.2.0.254
  before=$(state)
  run netwire --force phys:nic0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_output --partial 'leaves by other links as well'
  assert_same_state "$before"
}

@test "an uplink of Open vSwitch is not moved, nor is its bridge" {
  container A
  lan
  open_vswitch
  ovs-vsctl add-br o5 -- set Bridge o5 datapath_type=netdev -- add-port o5 nic0
  for link in nic0 o5; do
    run netwire "phys:$link" "$A" 10.1.0.1/24
    assert_failure 1
    assert_output "netwire: $link: it is Open vSwitch's: bridge o5, or a port of it"
  done
}

@test "del with Open vSwitch stopped says so; a dead database hides nothing else" {
  container A B
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24
  netwire -q br1 "$B" 10.0.0.2/24
  kill -9 "$(ovs_daemon ovsdb-server)"
  run netwire show
  assert_success
  assert_line --partial "Open vSwitch's database"
  assert_line --regexp "^pid:$A +eth1 +veth +ovs0 "
  assert_line --regexp "^pid:$B +eth1 +veth +br1 "
  run netwire del pid:999999
  assert_success
  rm /run/openvswitch/db.sock
  run netwire del "$A"
  assert_failure 1
  assert_line "netwire: veth1pl$A, a port of ovs0: Open vSwitch does not run on this machine"
  rm /run/openvswitch/ovs-vswitchd.pid
  pkill -9 -x ovs-vswitchd
}

@test "a port whose VLAN mode somebody changed is a difference" {
  container A
  open_vswitch
  netwire -q --ovs-datapath netdev ovs0 "$A" 10.0.0.1/24 @10 --trunk 20
  ovs-vsctl set Port "veth1pl$A" vlan_mode=trunk
  run netwire ovs0 "$A" 10.0.0.1/24 @10 --trunk 20
  assert_failure 1
  assert_line --partial 'its VLAN is none, not 10'
}

@test "a cable to a namespace that only a path leads to is taken back at both ends" {
  container A
  mkdir -p /run/x
  unshare --net=/run/x/ns true 3>&- || { : >/run/x/ns; unshare --net=/run/x/ns true; }
  nsenter --net=/run/x/ns ip link add eth0 type veth peer name e
  nsenter --net=/run/x/ns ip link set eth0 up
  nsenter --net=/run/x/ns ip addr add 172.17.0.2/16 dev eth0
  nsenter --net=/run/x/ns ip route add default via 172.17.0.1
  netwire -q veth:/run/x/ns "$A" 10.4.0.1/30@10.4.0.2 --peer-address 10.4.0.2/30@10.4.0.1
  run netwire show --json "$A" eth1
  assert_output --partial '"parent":"netns:/run/x/ns"'
  netwire -q del "$A"
  run nsenter --net=/run/x/ns ip route show default
  assert_output --partial 'via 172.17.0.1 dev eth0'
  refute_output --partial metric
  umount /run/x/ns
}

@test "the MTU at a cable's far end is a difference as well" {
  container A B
  netwire -q "veth:$B" "$A" 10.4.0.1/30 --mtu 9000
  in_container "$B" ip link set eth1 mtu 1500
  run netwire "veth:$B" "$A" 10.4.0.1/30 --mtu 9000
  assert_failure 1
  assert_line --partial 'at its other end the MTU is 1500, not 9000'
}
