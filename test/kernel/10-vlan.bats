load ../e2e/host
load ../e2e/lan

@test "a VLAN of a NIC: its link is made, packets go tagged, and it goes with its last user" {
  container A B
  lan
  lan_vlan 10 10.10.0.100/24
  before=$(state)
  run netwire nic0 "$A" 10.10.0.1/24 @10
  assert_success
  assert_output "pid:$A eth1: 10.10.0.1/24 on nic0, VLAN 10"
  run ip -d link show nic0.10
  assert_output --partial 'vlan protocol 802.1Q id 10'
  pings "$A" 10.10.0.100
  netwire nic0 "$B" 10.10.0.2/24 --vlan 10
  pings "$A" 10.10.0.2
  run netwire nic0 "$A" 10.10.0.1/24 @10
  assert_output --partial 'nothing to do'
  run netwire nic0 "$A" 10.10.0.1/24 @11
  assert_failure 1
  assert_line --partial 'its VLAN is 10, not 11'
  netwire del "$A"
  run ip link show nic0.10
  assert_success
  netwire del "$B"
  assert_same_state "$before"
}

@test "a link of the inside name on the host is no hindrance, which kernels before 6.13 would make it" {
  container A B
  lan
  ip link add eth1 type dummy
  before=$(state)
  netwire nic0 "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
  netwire del "$A"
  netwire ipvlan:nic0 "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
  netwire del "$A"
  netwire "veth:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30
  pings "$A" 10.4.0.2
  netwire del "$A"
  netwire phys:nic0 "$A" 10.10.0.1/24 @10
  netwire del "$A"
  assert_same_state "$before"
}

@test "a VLAN link that was there is used, and stays" {
  container A
  lan
  ip link add link nic0 name nic0.20 type vlan id 20
  ip link set nic0.20 up
  before=$(state)
  netwire nic0 "$A" 10.20.0.1/24 @20
  netwire del "$A"
  assert_same_state "$before"
}

@test "a link of that name that is something else is refused" {
  container A
  lan
  ip link add link nic0 name nic0.30 type vlan id 31
  ip link add nic0.40 type dummy
  before=$(state)
  run netwire nic0 "$A" 10.30.0.1/24 @30
  assert_failure 1
  assert_output 'netwire: nic0.30: it is there, but VLAN 31 of nic0, not VLAN 30 of nic0'
  run netwire nic0 "$A" 10.30.0.1/24 @40
  assert_failure 1
  assert_output 'netwire: nic0.40: it is there, but of kind dummy, not VLAN 40 of nic0'
  assert_same_state "$before"
}

@test "a VLAN link that the host was given an address on stays" {
  container A
  lan
  netwire nic0 "$A" 10.50.0.1/24 @50
  ip addr add 10.50.0.9/24 dev nic0.50
  netwire del "$A"
  run ip -br addr show nic0.50
  assert_output --partial 10.50.0.9
}

@test "a failure undoes the VLAN link as well" {
  container A
  lan
  before=$(state)
  # The address is refused by the kernel: the same one is there.
  in_container "$A" ip link add eth9 type dummy
  in_container "$A" ip link set eth9 up
  in_container "$A" ip route add default dev eth9
  before=$(state)
  run netwire nic0 "$A" 10.60.0.1/24 @60 --mode passthru
  assert_success
  netwire del "$A"
  run netwire nic0 "$A" 10.60.0.1/24 @60 --mtu 2000
  assert_failure 1
  assert_same_state "$before"
}

@test "the canonical command names the VLAN" {
  need jq
  container A
  lan
  netwire nic0 "$A" 10.70.0.1/24 @70
  json=$(netwire show "$A" eth1 --json)
  assert_equal "$(jq -r '.[0] | [.parent, .vlan, .kind] | @tsv' <<<"$json")" "nic0	70	macvlan"
  netwire del "$A"
  eval "$(jq -r '.[0].command' <<<"$json")"
  assert_equal "$(settled "$(netwire show "$A" eth1 --json)")" "$(settled "$json")"
}
