# What others do to an interface with a lease, its client and its keeper.
# shellcheck disable=SC2016

load host
load dhcp

link_mode() { in_container "$c1" ip -d link show eth1 | grep -o 'addrgenmode [a-z0-9]*'; }

@test "no client takes the kernel's link-local addresses away" {
  container c1
  dhcp6_server
  netwire br1 "$c1" dhcpcd6
  assert_equal "$(link_mode)" 'addrgenmode eui64'
  in_container "$c1" ip link set eth1 down
  in_container "$c1" ip link set eth1 up
  within 100 eval 'in_container "$c1" ip -6 addr show dev eth1 scope link | grep fe80'
  # dhcpcd sets it when the link comes up, and calls the keeper two seconds later.
  sleep 0.5
  within 50 eval '[ "$(link_mode)" = "addrgenmode eui64" ]'
  netwire del "$c1"
  netwire br1 "$c1" dhcpcd6 --once
  assert_equal "$(link_mode)" 'addrgenmode eui64'
}

@test "a client or a keeper that was killed leaves no helper, and --replace is no matter of who has the address" {
  local client
  dhcp6_server --dhcp-range=10.7.0.50,10.7.0.90,255.255.255.0,600
  for client in dhcpcd6 dhclient6 dhcpcd; do
    container c1
    # Its client: begun again, as a first one.
    netwire br1 "$c1" "$client"
    kill -KILL "$(cat /run/netwire-dhcp*/client)"
    sleep 2
    within 50 eval 'netwire br1 "$c1" $client | grep "nothing to do"'
    netwire --replace br1 "$c1" 10.8.0.1/24
    no_clients || fail "$client: $(clients)"
    netwire del "$c1"
    # Its keeper.
    netwire br1 "$c1" "$client"
    pkill -KILL -f ' run netwire-dhcp6*:eth1'
    netwire --replace br1 "$c1" "$client"
    assert_equal "$(pgrep -fc ' run netwire-dhcp')" 1
    kill -KILL "$c1"
    within 30 no_clients
  done
}

@test "an IPv6 address that another host has is told, and undone" {
  local before
  container c1 c2
  dhcp6_server
  netwire -q br1 "$c1" dhclient6 02:00:00:00:00:79
  local address
  address=$(in_container "$c1" ip -6 -br addr show dev eth1 scope global | awk '{ print $3 }')
  netwire del "$c1"
  netwire br1 "$c2" "${address%/128}/64"
  before=$(state)
  run netwire br1 "$c1" dhclient6 02:00:00:00:00:79
  assert_failure 1
  assert_output --partial 'eth1: another host has the address that the DHCPv6 server gave; everything was undone'
  assert_same_state "$before"
}

@test "a link that was deleted by hand, and the same command at once" {
  local client
  dhcp6_server --dhcp-range=10.7.0.50,10.7.0.90,255.255.255.0,600
  for client in udhcpc dhclient dhcpcd dhclient6; do
    container c1
    netwire br1 "$c1" "$client"
    in_container "$c1" ip link del eth1
    netwire br1 "$c1" "$client" --timeout 12
    sleep 1.5
    assert_equal "$(pgrep -fc ' run netwire-dhcp')" 1
    run netwire br1 "$c1" "$client"
    assert_output --partial 'nothing to do'
    netwire del "$c1"
    no_clients || fail "$client: $(clients)"
  done
}

@test "of two addresses in one DHCPv6 answer one is taken, and stays" {
  container c1
  dhcp6_server --dhcp-range=fd09::100,fd09::1ff,64,600
  in_container "$SERVER" ip addr add fd09::1/64 dev eth1 nodad
  netwire br1 "$c1" dhclient6
  local before dir
  before=$(in_container "$c1" ip -6 -br addr show dev eth1 scope global)
  [ "$(wc -w <<<"$before")" = 3 ] || fail "$before"
  local address
  address=$(awk '{ print $3 }' <<<"$before")
  dir=$(echo /run/netwire-dhcp6.*)
  # As dhclient tells renewals and ends: each address by itself.
  event() { in_container "$c1" env interface=eth1 "$@" "$NETWIRE_ROOT/bin/netwire-dhcp"; }
  event reason=RENEW6 new_ip6_address=fd0b::1 old_ip6_address=fd0b::1 new_max_life=600 new_preferred_life=600
  event reason=EXPIRE6 old_ip6_address=fd0b::2
  assert_equal "$(in_container "$c1" ip -6 -br addr show dev eth1 scope global)" "$before"
  event reason=RENEW6 "new_ip6_address=${address%/128}" "old_ip6_address=${address%/128}" new_max_life=500 new_preferred_life=0
  run in_container "$c1" ip -6 addr show dev eth1 scope global
  assert_output --regexp 'valid_lft (500|49[0-9])sec preferred_lft 0sec'
  # When its own ends, the other one is good.
  event reason=RENEW6 new_ip6_address=fd0b::1 old_ip6_address=fd0b::1 new_max_life=600 new_preferred_life=600
  event reason=EXPIRE6 "old_ip6_address=${address%/128}"
  run in_container "$c1" ip -6 -br addr show dev eth1 scope global
  assert_output --partial fd0b::1/128
  [ -d "$dir" ]
}

@test "later leases' name servers are written by each client, and a keeper that is ended takes the address along" {
  local client
  dhcp_network
  for client in udhcpc dhcpcd; do
    container c1
    uplink "$c1"
    dhcp_server 600
    netwire br1 "$c1" "$client" --dns-file /run/c1.dns
    grep -q 'nameserver 10.7.0.1' /run/c1.dns
    end_server
    dhcp_server 600 --dhcp-option=option:dns-server,10.7.0.9
    pkill -USR1 -o -x "$client"
    within 60 grep 'nameserver 10.7.0.9' /run/c1.dns
    pkill -TERM -f ' run netwire-dhcp:eth1'
    within 30 no_clients
    within 20 released 10.7.0
    run in_container "$c1" ip -4 addr show dev eth1
    assert_output ''
    run in_container "$c1" ip route get 192.0.2.1
    assert_output --partial 'dev eth0'
    netwire del "$c1"
    end_server
  done
}

@test "--dns-file is given back where nothing came of it; --once of both families; the dry run's words" {
  container c1
  dhcp6_server --dhcp-range=10.7.0.50,10.7.0.90,255.255.255.0,600 --dhcp-option=option:dns-server,10.7.0.1
  echo 'nameserver 9.9.9.9' >/run/mine.conf
  run netwire batch <<LINES
br1 $c1 udhcpc --dns-file /run/mine.conf
br1 $c1 udhcpc --dns-file /run/new.conf -i eth2
br1 $c1 10.7.0.8/24 -i eth3
nosuch0 $c1 0/0 -i eth4
LINES
  assert_failure 1
  assert_equal "$(cat /run/mine.conf)" 'nameserver 9.9.9.9'
  [ ! -e /run/new.conf ]
  netwire br1 "$c1" dhcp,dhcp6 --once --dns-file /run/new.conf
  run cat /run/new.conf
  assert_line 'nameserver 10.7.0.1'
  assert_line 'nameserver fd07::1'
  netwire del "$c1"
  netwire --dry-run br1 "$c1" dhcp,dhclient6 --once >/run/plan
  sh -e /run/plan
  run in_container "$c1" ip addr show dev eth1
  refute_output --partial dynamic
  no_clients || fail "$(clients)"
  run netwire br1 "$c1" dhcp,dhclient6 --once
  assert_output --partial 'nothing to do'
  run netwire br1 "$c1" 10.8.0.9/24,dhcp --table 100 -i eth7
  assert_failure 2
  assert_line --index 0 "netwire: --table 100: a DHCP server's routes go into the main table"
}
