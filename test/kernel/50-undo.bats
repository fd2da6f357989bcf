load ../e2e/host
load ../e2e/lan
load ../e2e/fault

@test "a failure at any single step undoes a VLAN link and the ipvlan child over it" {
  container A
  lan
  before=$(state)
  each_step_fails ipvlan:nic0 "$A" 10.10.0.1/24 @10
  [ "$STEPS" -ge 6 ] || fail "only $STEPS steps were tried"
  netwire del "$A"
  assert_same_state "$before"
}

@test "a failure at any single step undoes VLAN filtering and a tagged port" {
  container A B
  netwire -q br1 "$B" 10.0.0.2/24
  each_step_fails br1 "$A" 10.0.0.1/24 @10 --trunk 20
  run ip -d link show br1
  assert_output --partial 'vlan_filtering 1'
}
