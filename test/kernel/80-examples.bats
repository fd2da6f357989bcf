# The examples that need drivers, as they stand there.

load ../e2e/host
load ../e2e/examples

@test "router-on-a-stick: one tagged port carries packets between two VLANs" {
  installed
  before=$(state)
  example router-on-a-stick
  assert_success
  assert_line --partial '1 packets transmitted, 1 received'
  assert_line --regexp '^netns:router +trunk0 +veth +br1'
  assert_same_state "$before"
}

@test "ipvlan-l3: subnets reach each other and the outside, which has a route" {
  installed
  before=$(state)
  example ipvlan-l3
  assert_success
  assert_equal "$(grep -c '1 packets transmitted, 1 received' <<<"$output")" 3
  assert_line --regexp '^netns:c2 +eth1 +ipvlan +lab0 .* 10.1.2.2/24'
  assert_same_state "$before"
}
