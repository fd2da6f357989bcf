load ../e2e/host

@test "access ports of a bridge: one VLAN talks, another does not hear it, and nothing is left" {
  container A B C
  before=$(state)
  run netwire br1 "$A" 10.0.0.1/24 @10
  assert_success
  assert_line "pid:$A eth1: 10.0.0.1/24 on br1, VLAN 10"
  netwire br1 "$B" 10.0.0.2/24 @10
  netwire br1 "$C" 10.0.0.3/24 @20
  pings "$A" 10.0.0.2
  run in_container "$A" ping -c 1 -W 1 10.0.0.3
  assert_failure
  run bridge vlan show dev "veth1pl$A"
  assert_output --regexp '10 PVID Egress Untagged'
  refute_output --regexp ' 1 '
  run netwire br1 "$A" 10.0.0.1/24 @10
  assert_output --partial 'nothing to do'
  run netwire br1 "$A" 10.0.0.1/24
  assert_failure 1
  assert_line --partial 'its VLAN is 10, not none'
  for pid in $A $B $C; do netwire del "$pid"; done
  assert_same_state "$before"
}

@test "a tagged port carries its VLANs with their tags, untagged frames only with a VLAN of their own" {
  need jq
  container R A B
  netwire br1 "$R" 0/0 --trunk 30-39,20
  netwire br1 "$A" 10.20.0.1/24 @20
  netwire br1 "$B" 10.35.0.1/24 @35
  for id in 20 35; do
    in_container "$R" ip link add link eth1 name "eth1.$id" type vlan id "$id"
    in_container "$R" ip addr add "10.$id.0.254/24" dev "eth1.$id"
    in_container "$R" ip link set "eth1.$id" up
  done
  pings "$A" 10.20.0.254
  pings "$B" 10.35.0.254
  run netwire br1 "$R" 0/0 --trunk 20,30-35,36-39
  assert_output --partial 'nothing to do'
  json=$(netwire show "$R" eth1 --json)
  assert_equal "$(jq -c '.[0] | [.vlan, .trunk]' <<<"$json")" '[null,["20","30-39"]]'
  run netwire br1 "$R" 0/0 --trunk 20
  assert_failure 1
  assert_line --partial 'its tagged VLANs are 20,30-39, not 20'
  netwire del "$R"
  eval "$(jq -r '.[0].command' <<<"$json")"
  assert_equal "$(netwire show "$R" eth1 --json | jq -c '.[0] | [.vlan, .trunk]')" '[null,["20","30-39"]]'
  netwire del "$R"
  netwire br1 "$R" 10.50.0.1/24 @50 --trunk 20
  netwire br1 "$A" 10.50.0.2/24 @50 -i eth2
  pings "$R" 10.50.0.2
}

@test "a bridge of netwire's learns to filter when the first VLAN is asked for" {
  container A B C
  netwire br1 "$A" 10.0.0.1/24
  netwire br1 "$B" 10.0.0.2/24
  netwire br1 "$C" 10.0.0.3/24 @10
  pings "$A" 10.0.0.2
  run in_container "$A" ping -c 1 -W 1 10.0.0.3
  assert_failure
}

@test "somebody else's bridge that does not filter is left alone, unless --vlan-filtering says so" {
  container A
  ip link add lan0 address 02:00:00:00:00:1a type bridge
  ip link set lan0 up
  before=$(state)
  run netwire lan0 "$A" 10.0.0.1/24 @10
  assert_failure 1
  assert_output 'netwire: lan0: it does not filter VLANs, and switching that on may cut its other ports off from each other
try: --vlan-filtering'
  assert_same_state "$before"
  netwire lan0 "$A" 10.0.0.1/24 @10 --vlan-filtering
  run bridge vlan show dev "veth1pl$A"
  assert_output --partial '10 PVID'
}
