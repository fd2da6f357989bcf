load ../e2e/host
load ../e2e/lan

@test "a VLAN of a NIC as the container's own: made there, and gone with del" {
  container A
  lan
  lan_vlan 10 10.10.0.100/24
  before=$(state)
  run netwire phys:nic0 "$A" 10.10.0.1/24 @10
  assert_success
  assert_output "pid:$A eth1: 10.10.0.1/24 on nic0, VLAN 10"
  pings "$A" 10.10.0.100
  run ip link show nic0.10
  assert_failure
  run netwire phys:nic0 "$A" 10.10.0.1/24 @10
  assert_output --partial 'nothing to do'
  run netwire phys:nic0 "$A" 10.10.0.1/24 @11
  assert_failure 1
  assert_line --partial 'its VLAN is 10, not 11'
  json=$(netwire show "$A" eth1 --json)
  assert_equal "$(jq -r '.[0] | [.kind, .parent, .vlan, .ours] | @tsv' <<<"$json")" "vlan	nic0	10	true"
  netwire del "$A"
  assert_same_state "$before"
  eval "$(jq -r '.[0].command' <<<"$json")"
  assert_equal "$(settled "$(netwire show "$A" eth1 --json)")" "$(settled "$json")"
}

@test "a VLAN link that was there is moved, and comes home" {
  container A
  lan
  lan_vlan 20 10.20.0.100/24
  ip link add link nic0 name nic0.20 type vlan id 20
  ip addr add 10.20.0.7/24 dev nic0.20
  ip link set nic0.20 up
  ip route add 10.21.0.0/16 via 10.20.0.254
  before=$(state)
  run netwire -q phys:nic0 "$A" 10.20.0.1/24 @20
  assert_success
  pings "$A" 10.20.0.100
  run ip link show nic0.20
  assert_failure
  run netwire phys:nic0 "$A" 10.20.0.1/24 @20
  assert_output --partial 'nothing to do'
  netwire del --force "$A"
  run ip -br addr show nic0.20
  assert_output --partial 'UP'
  ip addr add 10.20.0.7/24 dev nic0.20
  ip route add 10.21.0.0/16 via 10.20.0.254
  assert_same_state "$before"
}

@test "a VLAN link by its own name is moved, and is the same as the NIC and its VLAN" {
  container A
  lan
  lan_vlan 20 10.20.0.100/24
  ip link add link nic0 name nic0.20 type vlan id 20
  ip link set nic0.20 up
  before=$(state)
  run netwire phys:nic0.20 "$A" 10.20.0.1/24
  assert_success
  assert_output "pid:$A eth1: 10.20.0.1/24 on nic0, VLAN 20"
  pings "$A" 10.20.0.100
  run netwire --direct-phys nic0.20 "$A" 10.20.0.1/24
  assert_output --partial 'nothing to do'
  run netwire phys:nic0 "$A" 10.20.0.1/24 @20
  assert_output --partial 'nothing to do'
  run netwire phys:nic0.21 "$A" 10.20.0.1/24
  assert_failure 1
  netwire del --force "$A"
  assert_same_state "$before"
}

@test "a NIC with a VLAN link on it stays" {
  container A
  lan
  ip link add link nic0 name nic0.30 type vlan id 30
  run netwire phys:nic0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_output 'netwire: nic0: its children, here or in containers, would lose it: nic0.30'
}
