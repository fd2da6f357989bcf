# DHCPv6 by dhcpcd and dhclient, with dnsmasq as the server and router.
# shellcheck disable=SC2016

load host
load dhcp
load fault

@test "each client gets a DHCPv6 lease, the router the default route, and del gives it back" {
  need dhcpcd dhclient
  container c1
  dhcp6_server
  uplink "$c1"
  local before client
  before=$(state)
  for client in dhcpcd6 dhclient6; do
    netwire br1 "$c1" "$client" --hostname box6 02:00:00:00:00:77
    run in_container "$c1" ip -6 addr show dev eth1 scope global
    assert_output --regexp 'inet6 fd07::1[0-9a-f]{2}/128 .*dynamic'
    refute_output --partial tentative
    refute_output --partial '/64'
    run in_container "$c1" ip -6 route show default
    assert_output --partial 'dev eth1 proto ra'
    pings "$c1" fd07::1
    run leases
    assert_output --partial box6
    run netwire show "$c1" eth1 --json
    assert_equal "$(jq -r '.[0] | [.dhcp6, .dhcp, .autoconf] | tostring' <<<"$output")" "[\"${client%6}\",null,false]"
    assert_equal "$(jq '.[0].addr_info[0].valid_life_time | . > 500 and . <= 600' <<<"$output")" true
    assert_equal "$(jq '.[0].command | test(" '"$client"' ")' <<<"$output")" true
    run netwire br1 "$c1" "$client" --hostname box6
    assert_output --partial 'nothing to do'
    netwire del "$c1"
    no_clients || fail "$(clients)"
    within 20 released fd07::1
    assert_same_state "$before"
  done
}

@test "both families' DHCP at once: one file of name servers, a lease each, and nothing left" {
  container c1
  dhcp6_server --dhcp-range=10.7.0.50,10.7.0.90,255.255.255.0,600 --dhcp-option=option:dns-server,10.7.0.1 \
    --dhcp-option=option:domain-name,four.test
  uplink "$c1"
  local before
  before=$(state)
  netwire br1 "$c1" '10.8.0.9/24,dhcp6,udhcpc:-t 3' --hostname box1 --dns-file /run/both.conf
  run in_container "$c1" ip -br addr show dev eth1
  assert_output --regexp '10\.7\.0\.[0-9]+/24'
  assert_output --regexp 'fd07::1[0-9a-f]{2}/128'
  run cat /run/both.conf
  assert_line 'search four.test six.test'
  assert_line 'nameserver 10.7.0.1'
  assert_line 'nameserver fd07::1'
  run netwire br1 "$c1" 'dhcp6,10.8.0.9/24,dhcp:-t 3' --dns-file /run/both.conf
  assert_output --partial 'nothing to do'
  # What show tells is all that was asked for.
  local again
  again=$(netwire show "$c1" eth1 --json | jq -r '.[0].command')
  run eval "$again"
  assert_output --partial 'nothing to do'
  netwire del "$c1"
  eval "$again"
  run eval "$again"
  assert_output --partial 'nothing to do'
  [ "$(grep -c box1 <<<"$(leases)")" = 2 ] || fail "$(leases)"
  run netwire br1 "$c1" 10.8.0.9/24,dhcp
  assert_failure 1
  assert_output --regexp 'its DHCPv6 client is (dhcpcd|dhclient), not none'
  # Without the other one the lease of the first may be another.
  netwire --replace br1 "$c1" 10.8.0.9/24,dhcp --dns-file /run/both.conf
  within 20 released fd07::1
  run in_container "$c1" ip -6 addr show dev eth1 scope global
  assert_output ''
  run clients
  refute_output --partial 'netwire-dhcp6'
  netwire del "$c1"
  no_clients || fail "$(clients)"
  rm /run/both.conf
  assert_same_state "$before"
}

@test "DHCPv6: the lease is renewed, a killed client is begun again, and goes with its container" {
  local client
  dhcp6_server
  for client in dhcpcd dhclient; do
    container c1
    netwire br1 "$c1" "${client}6"
    local address
    address=$(in_container "$c1" ip -6 -br addr show dev eth1 scope global)
    # The same identity, so the same address.
    in_container "$c1" ip -6 addr change "$(awk '{ print $3 }' <<<"$address")" dev eth1 valid_lft 50 preferred_lft 50
    pkill -KILL -x "$client"
    within 100 eval 'in_container "$c1" ip -6 addr show dev eth1 scope global | grep -E "valid_lft (59[0-9]|600)sec"'
    assert_equal "$(in_container "$c1" ip -6 -br addr show dev eth1 scope global)" "$address"
    if [ "$client" = dhcpcd ]; then
      sleep 3
      pkill -USR1 -o -x dhcpcd
      within 50 eval 'in_container "$c1" ip -6 addr show dev eth1 scope global | grep -E "valid_lft (599|600)sec"'
    fi
    kill -KILL "$c1"
    within 20 no_clients
    within 20 released fd07::1
  done
}

@test "DHCPv6: no lease, no router, no server's fault: each is told, and undone where it is an error" {
  container c1
  netwire -q br1 "$c1" 10.7.0.9/24 -i eth5
  local before client
  before=$(state)
  for client in dhcpcd6 dhclient6; do
    run netwire br1 "$c1" "$client" --timeout 3
    assert_failure 1
    assert_line 'netwire: eth1: no lease within 3 s: no DHCPv6 server answered; everything was undone'
    no_clients || fail "$(clients)"
    assert_same_state "$before"
  done
  # One address, which another one has.
  dhcp6_server --dhcp-range=fd08::,static
  container other
  netwire del "$c1"
  fault_injection
  before=$(state)
  NETWIRE_FAULT_STRIDE=4 each_step_fails br1 "$c1" dhclient6
  real_ip
  netwire gc
  netwire del "$c1"
  run netwire br1 "$c1" 10.7.0.9/24,dhcp6 -i eth6 --once
  assert_success
  no_clients || fail "$(clients)"
  run in_container "$c1" ip -6 addr show dev eth6 scope global
  assert_output --partial 'fd07::1'
  refute_output --partial dynamic
  run netwire br1 "$c1" 10.7.0.9/24,dhcp6 -i eth6 --once
  assert_output --partial 'nothing to do'
}

@test "DHCPv6 without a router gives a warning" {
  container c1
  dhcp6_server
  end_server
  nsenter --target "$SERVER" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
    --bind-interfaces --interface=eth1 --pid-file= --dhcp-leasefile=/run/dhcp/leases \
    --dhcp-range=fd07::100,fd07::1ff,64,600 3>&- &
  PIDS+=("$!")
  run netwire br1 "$c1" dhclient6
  assert_success
  assert_output --partial 'eth1: no IPv6 router was heard, so its DHCPv6 address leads nowhere yet'
}

@test "what DHCPv6 cannot do is refused by the words" {
  container c1
  local words
  for words in udhcpc6 dhcp6,dhcpcd6 fd07::5/64@fd07::1,dhcp6 'dhcp6 -a inet' 'dhcp6 --mtu 1000'; do
    # shellcheck disable=SC2086
    run netwire br1 "$c1" $words
    assert_failure 2
    [ "${#lines[@]}" -le 2 ] || fail "$output"
  done
}
