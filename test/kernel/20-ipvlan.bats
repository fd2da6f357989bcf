load ../e2e/host
load ../e2e/lan

@test "ipvlan in every mode: containers reach each other, and it goes without a trace" {
  container A B
  lan
  before=$(state)
  for mode in l2 l3 l3s; do
    run netwire ipvlan:nic0 --mode "$mode" "$A" 10.1.0.1/24
    assert_success
    netwire ipvlan:nic0 --mode "$mode" "$B" 10.1.0.2/24
    run in_container "$A" ip -d link show eth1
    assert_output --partial "ipvlan  mode $mode bridge"
    pings "$A" 10.1.0.2
    run netwire ipvlan:nic0 --mode "$mode" "$A" 10.1.0.1/24
    assert_output --partial 'nothing to do'
    netwire del "$A"
    netwire del "$B"
    assert_same_state "$before"
  done
}

@test "l2 reaches the LAN, by IPv4 and IPv6" {
  container A
  lan
  netwire ipvlan:nic0 "$A" 10.1.0.1/24,fd01::1/64
  pings "$A" 10.1.0.100
  pings "$A" fd01::100
}

@test "another mode or isolation beside a sibling is refused: the kernel would switch them all over" {
  container A B
  lan
  netwire ipvlan:nic0 --mode l3 "$A" 10.1.0.1/24
  before=$(state)
  run netwire ipvlan:nic0 "$B" 10.1.0.2/24
  assert_failure 1
  assert_output 'netwire: --mode l2: nic0 has ipvlan children in --mode l3, and all of them share it
try: --mode l3'
  run netwire ipvlan:nic0 --mode l3 --isolation private "$B" 10.1.0.2/24
  assert_failure 1
  assert_line 'netwire: --isolation private: nic0 has ipvlan children in --isolation bridge, and all of them share it'
  assert_same_state "$before"
}

@test "isolation keeps children apart" {
  container A B
  lan
  netwire ipvlan:nic0 --isolation private "$A" 10.1.0.1/24
  netwire ipvlan:nic0 --isolation private "$B" 10.1.0.2/24
  run in_container "$A" ping -c 1 -W 1 10.1.0.2
  assert_failure
  pings "$A" 10.1.0.100
}

@test "macvlan beside ipvlan is refused by name, and undone" {
  container A B
  lan
  netwire ipvlan:nic0 "$A" 10.1.0.1/24
  before=$(state)
  run netwire nic0 "$B" 10.1.0.2/24
  assert_failure 1
  assert_output 'netwire: nic0 has ipvlan children; a link cannot have both; everything was undone'
  netwire del "$A"
  netwire nic0 "$A" 10.1.0.1/24
  run netwire ipvlan:nic0 "$B" 10.1.0.2/24
  assert_failure 1
  assert_output 'netwire: nic0 has macvlan children; a link cannot have both; everything was undone'
}

@test "a MAC is refused: ipvlan has its parent's" {
  container A
  lan
  run netwire ipvlan:nic0 "$A" 10.1.0.1/24 02:00:00:00:00:01
  assert_failure 2
  assert_output 'netwire: MAC 02:00:00:00:00:01: ipvlan has no MAC of its own to set
try: leave it out; bridge, ovs, macvlan, phys, veth, dummy take it'
}

@test "over a VLAN, and for the host itself" {
  container A
  lan
  lan_vlan 10 10.10.0.100/24
  before=$(state)
  netwire ipvlan:nic0 "$A" 10.10.0.1/24 @10
  pings "$A" 10.10.0.100
  netwire del "$A"
  netwire ipvlan:nic0 host 10.1.0.250/24
  ping -c 1 -W 2 10.1.0.100
  netwire del host
  assert_same_state "$before"
}

@test "an address that comes to ipvlan is announced, by IPv4 and IPv6" {
  container A
  lan
  mac=$(ip -o link show nic0 | sed -E 's/.*ether ([^ ]+).*/\1/')
  in_container "$PEER" ip neigh replace 10.1.0.1 lladdr 02:00:00:00:00:77 dev eth0 nud stale
  in_container "$PEER" ip neigh replace fd01::1 lladdr 02:00:00:00:00:77 dev eth0 nud stale
  netwire ipvlan:nic0 "$A" 10.1.0.1/24,fd01::1/64
  sleep 0.2
  run in_container "$PEER" ip neigh show to 10.1.0.1 dev eth0
  assert_output --partial "lladdr $mac"
  run in_container "$PEER" ip neigh show to fd01::1 dev eth0
  assert_output --partial "lladdr $mac"
}

@test "the canonical command makes the same again" {
  need jq
  container A
  lan
  netwire ipvlan:nic0 "$A" 10.1.0.1/24 --mode l3 --isolation vepa -i wan
  json=$(netwire show "$A" wan --json)
  assert_equal "$(jq -r '.[0].command' <<<"$json")" "netwire -i wan --mode l3 --isolation vepa ipvlan:nic0 pid:$A 10.1.0.1/24"
  netwire del "$A"
  eval "$(jq -r '.[0].command' <<<"$json")"
  assert_equal "$(settled "$(netwire show "$A" wan --json)")" "$(settled "$json")"
}
