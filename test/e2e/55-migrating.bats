# The commands of docs/migrating-from-pipework.md, as they stand there.

load host
load dhcp
load ovs
load migrating

@test "each of pipework's command lines does the same by its old words and by its new ones" {
  need dnsmasq udhcpc dhclient dhcpcd tc
  migrating_host
  lan_dhcp_server
  check_rows plain 27
  no_clients || fail "$(clients)"
}

@test "its lines for Open vSwitch do the same, and leave no port" {
  migrating_host
  open_vswitch
  # The kernel's datapath is another kernel's; the switch's own will do for a bridge that is there.
  ovs-vsctl add-br ovs0 -- set Bridge ovs0 datapath_type=netdev
  check_rows ovs 2
  assert_equal "$(ovs-vsctl list-ports ovs0)" ''
}

@test "no row is left out but InfiniBand's" {
  run rows infiniband
  assert_output "pipework ib0 c1 10.10.10.10/24 @8001	netwire ib0 c1 10.10.10.10/24 @8001"
  run bash -c "grep -c '^| .pipework ' '$NETWIRE_ROOT/docs/migrating-from-pipework.md'"
  assert_output 33
}
