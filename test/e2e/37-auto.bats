# auto: IPv6 by routers' advertisements, with dnsmasq as the router.

load host
load dhcp

# router [SECONDS BEFORE IT ADVERTISES]
router() {
  need dnsmasq
  container ROUTER
  netwire -q br1 "$ROUTER" fd07::1/64
  (
    sleep "${1:-0}"
    exec nsenter --target "$ROUTER" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
      --bind-interfaces --interface=eth1 --pid-file= --dhcp-leasefile=/dev/null --dhcp-range=fd07::,ra-only,64,600 --enable-ra
  ) 3>&- &
  PIDS+=("$!")
}

@test "auto waits for the address that a router's prefix gives, and its default route" {
  container c1
  uplink "$c1"
  router 1
  # Also where IPv6 is off, and the container forwards.
  in_container "$c1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.forwarding=1
  local before
  before=$(network_state c1 in_container "$c1")
  netwire br1 "$c1" 10.7.0.9/24,auto
  run in_container "$c1" ip -6 addr show dev eth1 scope global
  assert_output --regexp 'inet6 fd07:[0-9a-f:]+/64 .*dynamic'
  refute_output --partial tentative
  run in_container "$c1" ip -6 route show default
  assert_output --partial 'dev eth1 proto ra'
  pings "$c1" fd07::1
  # The host, whose bridge it is, hears no router.
  run ip -6 addr show dev br1 scope global
  assert_output ''
  run ip -6 route show default
  assert_output ''
  run netwire br1 "$c1" 10.7.0.9/24,auto
  assert_output --partial 'nothing to do'
  run netwire show "$c1" eth1 --json
  assert_equal "$(jq -r '.[0] | [.autoconf, (.command | test("auto"))] | tostring' <<<"$output")" '[true,true]'
  run netwire br1 "$c1" 10.7.0.9/24
  assert_failure 1
  assert_output --partial "it hears routers' advertisements"
  netwire --replace br1 "$c1" 10.7.0.9/24
  run in_container "$c1" ip -6 addr show dev eth1 scope global
  assert_output ''
  netwire del "$c1"
  assert_equal "$(network_state c1 in_container "$c1")" "$before"
}

@test "without a router it fails in time, and everything is undone" {
  container c1
  local before
  before=$(state)
  run netwire br1 "$c1" auto --timeout 1
  assert_failure 1
  assert_line 'netwire: eth1: no IPv6 address within 1 s: no router advertised a prefix; everything was undone'
  assert_same_state "$before"
  run netwire br1 "$c1" auto,auto
  assert_failure 2
  run netwire br1 "$c1" auto -a inet
  assert_failure 2
}
