# --route, --metric, --default-route, --table: further routes, and two uplinks that answer where they were asked.

load host
load fault

# router NAME BRIDGE ADDRESS: a container that is on a bridge, and is 10.50.0.1 and fd50::1 besides
router() {
  container "$1"
  netwire -q "$2" "${!1}" "$3"
  in_container "${!1}" ip link set lo up
  in_container "${!1}" ip addr add 10.50.0.1/32 dev lo
  in_container "${!1}" ip addr add fd50::1/128 dev lo nodad
}

@test "further routes, by a router in the prefix, outside it and by none, are there and go with del" {
  container c1
  uplink "$c1"
  local before
  before=$(state)
  netwire br1 "$c1" 10.1.0.1/24,fd01::1/64 --route 10.50.0.0/16@10.1.0.254 --route 10.60.0.7 \
    --route 10.70.0.0/16@192.168.9.9 --route fd50::/16@fd01::fe
  run in_container "$c1" ip route
  assert_line --partial '10.50.0.0/16 via 10.1.0.254 dev eth1'
  assert_line --partial '10.60.0.7 dev eth1'
  assert_line --regexp '10.70.0.0/16 via 192.168.9.9 dev eth1 .*onlink'
  assert_line --partial 'default via 172.17.0.1 dev eth0'
  run in_container "$c1" ip -6 route
  assert_line --partial 'fd50::/16 via fd01::fe dev eth1'
  run netwire show "$c1" eth1 --json
  assert_equal "$(jq -c '.[0].route | sort' <<<"$output")" \
    '["10.50.0.0/16@10.1.0.254","10.60.0.7","10.70.0.0/16@192.168.9.9","fd50::/16@fd01::fe"]'
  # What show tells makes the same: nothing to do.
  run sh -c "NO_COLOR=1 $(jq -r '.[0].command' <<<"$output" | sed "s|^netwire|node $NETWIRE_ROOT/bin/netwire|")"
  assert_success
  assert_output --partial 'nothing to do'
  run netwire br1 "$c1" 10.1.0.1/24,fd01::1/64 --route 10.50.0.0/16@10.1.0.254
  assert_failure 1
  assert_output --partial 'it has a route to 10.60.0.7'
  # A route of somebody else's is no difference.
  in_container "$c1" ip route add 10.80.0.0/16 dev eth1
  netwire --replace br1 "$c1" 10.1.0.1/24,fd01::1/64 --route 10.50.0.0/16@10.1.0.253 --route 10.60.0.7
  run in_container "$c1" ip route show dev eth1
  assert_line --partial '10.50.0.0/16 via 10.1.0.253'
  assert_line --partial '10.80.0.0/16'
  refute_output --partial '10.70.0.0'
  refute_output --partial '10.1.0.254'
  netwire del "$c1"
  assert_same_state "$before"
}

@test "packets go by a further route" {
  container c1
  router R1 br1 10.1.0.254/24,fd01::fe/64
  netwire br1 "$c1" 10.1.0.1/24,fd01::1/64 --route 10.50.0.0/16@10.1.0.254 --route fd50::/16@fd01::fe
  pings "$c1" 10.50.0.1
  pings "$c1" fd50::1
}

@test "two uplinks answer on the link they were asked on" {
  container c1
  router R1 br1 10.1.0.254/24,fd01::fe/64
  router R2 br2 10.2.0.254/24,fd02::fe/64
  uplink "$c1"
  local before
  before=$(state)
  netwire br1 "$c1" 10.1.0.1/24@10.1.0.254,fd01::1/64@fd01::fe --table 101
  netwire br2 "$c1" 10.2.0.1/24@10.2.0.254,fd02::1/64@fd02::fe --table 102 -i eth2
  # Each router asks from the same address, which it alone has on its side.
  in_container "$R1" ping -c 1 -W 5 -I 10.50.0.1 10.1.0.1
  in_container "$R2" ping -c 1 -W 5 -I 10.50.0.1 10.2.0.1
  in_container "$R1" ping -c 1 -W 5 -I fd50::1 fd01::1
  in_container "$R2" ping -c 1 -W 5 -I fd50::1 fd02::1
  # The container's own default route is the one it had.
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'via 172.17.0.1 dev eth0'
  run in_container "$c1" ip route get 192.0.2.1 from 10.2.0.1
  assert_output --partial 'via 10.2.0.254 dev eth2'
  run netwire br1 "$c1" 10.1.0.1/24@10.1.0.254,fd01::1/64@fd01::fe --table 101
  assert_output --partial 'nothing to do'
  run netwire br1 "$c1" 10.1.0.1/24@10.1.0.254,fd01::1/64@fd01::fe
  assert_failure 1
  assert_output --partial 'its routes are in table 101, not in the main table'
  run netwire show "$c1" eth2 --json
  assert_equal "$(jq -c '.[0] | [.table, .gateway, .default_route]' <<<"$output")" '[102,["10.2.0.254","fd02::fe"],null]'
  # Somebody takes a rule away: named, and mended.
  in_container "$c1" ip rule del from 10.1.0.1
  run netwire br1 "$c1" 10.1.0.1/24@10.1.0.254,fd01::1/64@fd01::fe --table 101
  assert_failure 1
  assert_output --partial 'no rule sends what is sent from 10.1.0.1 by table 101'
  netwire --replace br1 "$c1" 10.1.0.1/24@10.1.0.254,fd01::1/64@fd01::fe --table 101
  in_container "$R1" ping -c 1 -W 5 -I 10.50.0.1 10.1.0.1
  # To another table, to none, and back.
  netwire --replace br1 "$c1" 10.1.0.9/24@10.1.0.254 --table 103
  run in_container "$c1" ip rule
  assert_line --partial 'from 10.1.0.9 lookup 103'
  refute_output --partial 'lookup 101'
  netwire --replace br1 "$c1" 10.1.0.9/24@10.1.0.254
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'via 10.1.0.254 dev eth1'
  netwire del --all "$c1"
  assert_same_state "$before"
}

@test "a failure at any single step undoes routes, rules and tables" {
  container c1
  uplink "$c1"
  local before
  before=$(state)
  each_step_fails br1 "$c1" 10.1.0.1/24@10.1.0.254,fd01::1/64@fd01::fe --table 101 --route 10.50.0.0/16 --metric 7
  [ "$STEPS" -ge 14 ] || fail "only $STEPS steps were tried"
  real_ip
  each_step_fails --replace br1 "$c1" 10.1.0.2/24@10.1.0.254 --metric 50 --route 10.51.0.0/16
  real_ip
  each_step_fails --replace br1 "$c1" 10.1.0.2/24@10.1.0.254 --default-route keep
  netwire del "$c1"
  assert_same_state "$before"
}

@test "--default-route keep leaves the old one first, --metric says where ours stands" {
  container c1
  uplink "$c1"
  local before
  before=$(state)
  netwire br1 "$c1" 10.1.0.1/24@10.1.0.254 --default-route keep
  run in_container "$c1" ip route show default
  assert_line --index 0 --partial 'default via 172.17.0.1 dev eth0'
  assert_line --index 1 --regexp 'default via 10.1.0.254 dev eth1 metric 1'
  run netwire br1 "$c1" 10.1.0.1/24@10.1.0.254 --default-route keep
  assert_output --partial 'nothing to do'
  run netwire br1 "$c1" 10.1.0.1/24@10.1.0.254
  assert_failure 1
  assert_output --partial "its default route does not come before the others'"
  # Another displacer above both, taken back before and after.
  netwire br2 "$c1" 10.2.0.1/24@10.2.0.254 -i eth2
  netwire del "$c1" eth1
  netwire br1 "$c1" 10.1.0.1/24@10.1.0.254 --default-route keep --metric 500
  netwire del "$c1" eth2
  run in_container "$c1" ip route show default
  assert_line --index 0 --partial 'default via 172.17.0.1 dev eth0'
  assert_line --index 1 --partial 'metric 500'
  # First, and back behind.
  netwire --replace br1 "$c1" 10.1.0.1/24@10.1.0.254 --metric 20
  run in_container "$c1" ip route show default
  assert_line --index 0 --regexp 'default via 10.1.0.254 dev eth1 metric 20'
  assert_line --index 1 --regexp 'default via 172.17.0.1 dev eth0 metric 1000000'
  run netwire show "$c1" --json
  assert_equal "$(jq -c '.[] | select(.ifname == "eth1") | [.default_route, .metric]' <<<"$output")" '["take",20]'
  netwire --replace br1 "$c1" 10.1.0.1/24@10.1.0.254 --default-route keep
  run in_container "$c1" ip route show default
  assert_line --index 0 'default via 172.17.0.1 dev eth0 '
  run netwire br2 "$c1" 10.2.0.1/24@10.2.0.254 -i eth2 --default-route keep --metric 1
  assert_failure 1
  assert_output --partial '--metric 1: the default route via 10.1.0.254 dev eth1 has it'
  netwire del "$c1"
  assert_same_state "$before"
}

@test "rules that were left when a link went by itself are taken away by gc, others' stay" {
  container c1
  ip link add name keep0 type bridge
  netwire br1 "$c1" 10.1.0.1/24,fd01::1/64 --table 101
  in_container "$c1" ip rule add from 10.9.9.9 lookup 99
  in_container "$c1" ip link del eth1
  run netwire gc
  assert_success
  run in_container "$c1" ip rule
  refute_output --partial 'lookup 101'
  assert_line --partial 'from 10.9.9.9 lookup 99'
  run in_container "$c1" ip -6 rule
  refute_output --partial 'lookup 101'
}

@test "an address that the container has on another link is refused, by name" {
  container c1
  uplink "$c1"
  local before
  before=$(state)
  run netwire br1 "$c1" 172.17.0.2/24
  assert_failure 1
  assert_output "netwire: 172.17.0.2: pid:$c1 has this address already, on eth0
try: another ADDRESS"
  in_container "$c1" ip addr add fd01::1/64 dev eth0 nodad
  run netwire br1 "$c1" 10.1.0.1/24,fd01:0::1/64
  assert_failure 1
  assert_output "netwire: fd01::1: pid:$c1 has this address already, on eth0
try: another ADDRESS"
  in_container "$c1" ip addr del fd01::1/64 dev eth0
  assert_same_state "$before"
}

@test "--probe: an address that answers is refused with its MAC, and nothing is left" {
  container c1 c2
  netwire br1 "$c2" 10.1.0.2/24,fd01::2/64 02:00:00:00:00:c2
  local before
  before=$(state)
  run netwire br1 "$c1" 10.1.0.2/24 --probe
  assert_failure 1
  assert_line 'netwire: 10.1.0.2: another host has this address, with the MAC 02:00:00:00:00:c2; everything was undone'
  assert_same_state "$before"
  run netwire br1 "$c1" fd01::2/64 --probe
  assert_failure 1
  assert_line --partial 'fd01::2: another host has this address, with the MAC 02:00:00:00:00:c2'
  assert_same_state "$before"
  netwire br1 "$c1" 10.1.0.1/24,fd01::1/64 --probe
  pings "$c1" 10.1.0.2
  pings "$c1" fd01::2
  run in_container "$c1" ip neigh show 10.1.0.1
  assert_output ''
}

@test "--dad: what becomes of the host's end while it is detected is seen" {
  container A
  netwire br1 "$A" fd00::5/64 --dad -l host1 2>"$BATS_TEST_TMPDIR/said" 3>&- &
  local netwire=$!
  until in_container "$A" ip -6 -o addr show dev eth1 2>/dev/null | grep -q 'fd00::5.*tentative'; do sleep 0.01; done
  sleep 0.2
  ip link set host1 nomaster
  local ended=0
  wait "$netwire" || ended=$?
  assert_equal "$ended" 1
  run cat "$BATS_TEST_TMPDIR/said"
  assert_output --partial 'not br1; everything was undone'
}

@test "--dad: an IPv6 address that somebody has is refused, another one is usable when netwire ends" {
  container c1 c2
  netwire br1 "$c2" fd01::2/64
  local before
  before=$(state)
  run netwire br1 "$c1" fd01::2/64 --dad
  assert_failure 1
  assert_line --partial 'another host has the address fd01::2; everything was undone'
  assert_same_state "$before"
  netwire br1 "$c1" fd01::1/64,10.1.0.1/24 --dad
  run in_container "$c1" ip -6 addr show dev eth1 scope global
  refute_output --partial tentative
  refute_output --partial nodad
  pings "$c1" fd01::2
  run netwire br1 "$c1" fd01::1/64,10.1.0.1/24 --dad
  assert_output --partial 'nothing to do'
  run netwire br1 "$c1" 10.1.0.1/24 --dad
  assert_failure 2
}
