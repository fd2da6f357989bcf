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

@test "--replace changes a port's VLANs in place, and a failure at any single step leaves them as they were" {
  container A B
  netwire -q br1 "$B" 10.0.0.2/24 @30
  netwire -q br1 "$A" 10.0.0.1/24 @10 --trunk 20,40-42
  each_step_fails --replace br1 "$A" 10.0.0.1/24 @30 --trunk 20,41
  [ "$STEPS" -ge 4 ] || fail "only $STEPS steps were tried"
  pings "$A" 10.0.0.2
  run netwire br1 "$A" 10.0.0.1/24 @30 --trunk 41,20
  assert_output --partial 'nothing to do'
  # None, and back; the bridge's own VLAN is what a port has then.
  real_ip
  netwire --replace br1 "$A" 10.0.0.1/24
  run netwire show "$A" eth1 --json
  assert_equal "$(jq -c '.[0] | [.vlan, .trunk]' <<<"$output")" '[null,[]]'
  bridge vlan del dev "veth1pl$A" vid 1
  run netwire br1 "$A" 10.0.0.1/24
  assert_failure 1
  assert_output --partial 'its VLAN is 0, not none'
  netwire -q --replace br1 "$A" 10.0.0.1/24
  netwire -q --replace br1 "$A" 0/0 --trunk 30
  # A port of a bridge that does not filter yet.
  container C
  netwire -q br2 "$C" 10.1.0.1/24
  each_step_fails --replace br2 "$C" 10.1.0.1/24 @7
  for pid in $A $B $C; do netwire del "$pid"; done
}

@test "--replace of a macvlan child's VLAN takes another link, and gives the old one's up" {
  container A
  lan
  before=$(state)
  netwire nic0 "$A" 10.10.0.1/24 @10
  each_step_fails --replace nic0 "$A" 10.10.0.1/24 @11
  real_ip
  run ip link show nic0.10
  assert_failure
  netwire --replace ipvlan:nic0 "$A" 10.10.0.1/24 @12
  run netwire --replace ipvlan:nic0 --mode l3 "$A" 10.10.0.1/24 @12
  assert_failure 1
  assert_output --partial 'its mode, which all children of nic0 share'
  netwire del "$A"
  assert_same_state "$before"
}
