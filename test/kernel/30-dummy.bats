load ../e2e/host

@test "a dummy link in the container, with addresses, MAC and MTU, and back" {
  container A
  before=$(state)
  run netwire dummy0 "$A" 10.0.0.1/24,fd00::1/64 02:00:00:00:00:01 --mtu 1300
  assert_success
  assert_output "pid:$A eth1: 10.0.0.1/24,fd00::1/64 on nothing (dummy)"
  run in_container "$A" ip -d link show eth1
  assert_output --partial dummy
  assert_output --partial 'mtu 1300'
  assert_output --partial 02:00:00:00:00:01
  run netwire dummy0 "$A" 10.0.0.1/24,fd00::1/64
  assert_output --partial 'nothing to do'
  netwire del "$A"
  assert_same_state "$before"
}
