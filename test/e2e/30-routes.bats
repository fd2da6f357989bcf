load host

default_routes() { in_container "$1" ip -o route show default; }

@test "the gateway becomes the default route, and the old one stays below it" {
  container A
  uplink "$A"
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  run default_routes "$A"
  assert_line --index 0 --regexp '^default via 10.0.0.254 dev eth1 *$'
  assert_line --index 1 --regexp '^default via 172.17.0.1 dev eth0 metric 1000000 *$'
}

@test "the kernel itself falls back to the old default route when our link goes" {
  container A
  uplink "$A"
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  ip link del "veth1pl$A"
  run in_container "$A" ip route get 8.8.8.8
  assert_output --partial 'via 172.17.0.1'
}

@test "del gives the old default route its metric back, whatever it was made of" {
  container A
  uplink "$A"
  in_container "$A" ip route del default
  in_container "$A" ip route add default via 172.17.0.1 proto static src 172.17.0.2 mtu 1400 metric 77
  in_container "$A" ip route add default metric 900 nexthop via 172.17.0.3 dev eth0 weight 2 nexthop via 172.17.0.4 dev eth0 onlink
  in_container "$A" ip -6 addr add fd17::2/64 dev eth0 nodad
  in_container "$A" ip -6 route add default via fd17::1 pref high
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64@fd00::ff
  run in_container "$A" ip -6 route show default
  assert_line --index 0 --partial 'via fd00::ff dev eth1'
  assert_line --index 1 --partial 'via fd17::1 dev eth0 metric 1001024'
  netwire del "$A"
  assert_same_state "$before"
}

@test "several displacers may go in any order" {
  container A
  uplink "$A"
  before=$(state)
  for order in '1 2 3' '3 2 1' '2 3 1' '2 1 3'; do
    for n in 1 2 3; do netwire -q "br$n" "$A" "10.0.$n.1/24@10.0.$n.254" -i "eth$n"; done
    run default_routes "$A"
    assert_line --index 3 --partial 'via 172.17.0.1 dev eth0 metric 3000000'
    for n in $order; do netwire -q del "$A" "eth$n"; done
    assert_same_state "$before"
  done
}

@test "a gateway outside the prefix is reached all the same" {
  container A B
  netwire br1 "$B" 203.0.113.1/32
  in_container "$B" ip route add 198.51.100.7/32 dev eth1
  netwire br1 "$A" 198.51.100.7/32@203.0.113.1
  run default_routes "$A"
  assert_output --partial 'via 203.0.113.1 dev eth1'
  pings "$A" 203.0.113.1
}

@test "packets leave by the new default route" {
  container A B
  uplink "$A"
  netwire br1 "$B" 10.0.0.254/24
  in_container "$B" ip addr add 8.8.8.8/32 dev lo
  in_container "$B" ip link set lo up
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  pings "$A" 8.8.8.8
}

@test "del gives the old default route back although ours went first, whichever of several it was" {
  container A
  uplink "$A"
  before=$(state)
  netwire -q br1 "$A" 10.0.1.1/24@10.0.1.254 -i eth1
  in_container "$A" ip link set eth1 down
  netwire -q del "$A" eth1
  assert_same_state "$before"
  for first in eth1 eth2 eth3; do
    for n in 1 2 3; do netwire -q "br$n" "$A" "10.0.$n.1/24@10.0.$n.254" -i "eth$n"; done
    in_container "$A" ip link set "$first" down
    netwire -q del "$A" "$first"
    for n in 3 2 1; do netwire -q del "$A" "eth$n" 2>/dev/null; done
    assert_same_state "$before"
  done
}

@test "a default route that netwire displaced nothing for is left alone" {
  container A
  uplink "$A"
  netwire -q br1 "$A" 10.0.1.1/24
  in_container "$A" ip route add default via 172.17.0.9 metric 4000000
  routes=$(default_routes "$A")
  netwire -q del "$A"
  assert_equal "$(default_routes "$A")" "$routes"
}
