load host

# A third container has the old MAC cached; nobody asks again, so it learns the new one only when told.
@test "an address that moves to another container is announced, by IPv4 and IPv6, every time" {
  local round mac from to
  container A B C
  netwire -q br1 "$C" 10.0.0.9/24,fd00::9/64
  netwire -q br1 "$A" 10.0.0.1/24,fd00::1/64
  from=$A to=$B
  for round in $(seq 1 20); do
    pings "$C" 10.0.0.1
    # Only so that C has it in its table: a first packet may be lost.
    pings "$C" fd00::1 || pings "$C" fd00::1
    netwire -q del "$from"
    mac=$(printf '02:00:00:00:01:%02x' "$round")
    netwire -q br1 "$to" 10.0.0.1/24,fd00::1/64 "$mac"
    until_neighbour "$C" 10.0.0.1 "$mac"
    until_neighbour "$C" fd00::1 "$mac"
    [ "$from" = "$A" ] && from=$B to=$A || { from=$A to=$B; }
  done
}

# The announcement has been sent when netwire ends; the other end may take a moment to note it.
until_neighbour() {
  local try
  for try in 1 2 3 4 5; do
    in_container "$1" ip neigh show to "$2" dev eth1 | grep -q "lladdr $3" && return
    sleep 0.02
  done
  fail "$2 was not announced: $(in_container "$1" ip neigh show to "$2")"
}

@test "IPv6 works where the container has it switched off, and only on our link" {
  container A B
  in_container "$A" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  uplink "$A"
  netwire br1 "$A" fd00::1/64@fd00::2
  netwire br1 "$B" fd00::2/64
  pings "$A" fd00::2
  run in_container "$A" sh -c 'cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6 /proc/sys/net/ipv6/conf/eth1/disable_ipv6'
  assert_output "1
0"
}

@test "an IPv6 address is usable at once" {
  container A B
  netwire br1 "$A" fd00::1/64
  netwire br1 "$B" fd00::2/64
  pings "$A" fd00::2
  run in_container "$A" ip -6 addr show scope global
  refute_output --partial tentative
}
