# The rows of docs/migrating-from-pipework.md whose drivers a kernel may lack.

load ../e2e/host
load ../e2e/ovs
load ../e2e/migrating

@test "pipework's lines for VLANs of a NIC and for dummy links do the same, and leave no link" {
  migrating_host
  check_rows drivers 3
}

@test "its lines for Open vSwitch make the bridge, and take it along with its last port" {
  migrating_host
  open_vswitch
  check_rows ovs 2
  assert_equal "$(ovs-vsctl list-br)" ''
}
