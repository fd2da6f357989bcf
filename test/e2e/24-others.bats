# What others made by or beside netwire's interfaces: routes, neighbours, addresses. --replace, del and an undo leave it.

load host
load lan

# A batch that takes c1's interface back, and then fails.
undone() { printf 'del %s\nnosuch %s 0/0\n' "$c1" "$c1" | netwire batch; }

@test "--replace plugs a cable into the container that is named now, and the old one's routes come back" {
  container c1 c2 c3
  uplink "$c2"
  netwire "veth:$c2" "$c1" 10.0.0.1/24 --peer-address 10.0.0.254/24@10.0.0.1
  netwire --replace "veth:$c3" "$c1" 10.0.0.1/24 --peer-address 10.0.0.254/24@10.0.0.1
  run in_container "$c2" ip -br link show eth1
  assert_failure
  run in_container "$c2" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
  run in_container "$c3" ip -br addr show eth1
  assert_output --partial '10.0.0.254/24'
  pings "$c1" 10.0.0.254
  run netwire --replace "veth:$c3" "$c1" 10.0.0.1/24 --peer-address 10.0.0.254/24@10.0.0.1
  assert_output --partial 'nothing to do'
  # The same where a netwire that was killed left it unfinished.
  in_container "$c1" ip link set eth1 group 1852142711
  in_container "$c3" ip link set eth1 group 1852142711
  netwire "veth:$c2" "$c1" 10.0.0.1/24 --peer-address 10.0.0.254/24
  run in_container "$c2" ip -br addr show eth1
  assert_output --partial '10.0.0.254/24'
  run in_container "$c3" ip -br link show eth1
  assert_failure
  netwire del "$c1"
}

@test "an MTU below IPv6's comes after IPv6 is gone, and is undone with it" {
  container c1
  netwire br1 "$c1" 10.0.0.1/24,fd00::1/64@fd00::9
  in_container "$c1" ip -6 route add fd77::/64 via fd00::7
  local before
  before=$(state)
  netwire --replace br1 "$c1" 10.0.0.1/24 --mtu 1000
  run in_container "$c1" ip -6 addr show dev eth1
  assert_output ''
  netwire --replace br1 "$c1" 10.0.0.1/24,fd00::1/64@fd00::9 --mtu 1500
  in_container "$c1" ip -6 route add fd77::/64 via fd00::7
  assert_same_state "$before"
}

@test "a default route that goes by other links as well loses our hop, and is not lost" {
  container c1
  uplink "$c1"
  local before command
  for command in 'del' '--replace br1 10.0.0.1/24@10.0.0.9' '--replace br2 10.0.0.1/24'; do
    netwire -q br1 "$c1" 10.0.0.1/24
    in_container "$c1" ip route replace default nexthop via 10.0.0.99 dev eth1 nexthop via 172.17.0.1 dev eth0
    before=$(state)
    run undone
    assert_failure 1
    assert_same_state "$before"
    # shellcheck disable=SC2086
    case $command in
      del) ;;
      *) set -- $command && netwire -q "$1" "$2" "$c1" "$3" ;;
    esac
    netwire -q del "$c1" eth1
    run in_container "$c1" ip route show default
    assert_output --partial 'via 172.17.0.1 dev eth0'
    refute_output --partial 'eth1'
    in_container "$c1" ip route flush exact default
    in_container "$c1" ip route add default via 172.17.0.1
  done
}

@test "others' default routes come back with a gateway that is not asked for any more, whatever became of ours" {
  container c1
  uplink "$c1"
  local change
  for change in 'ip link set eth1 down' 'ip route del default dev eth1' 'ip link set eth1 alias x'; do
    netwire -q br1 "$c1" 10.0.0.1/24@10.0.0.9
    # shellcheck disable=SC2086
    in_container "$c1" $change
    run netwire br1 "$c1" 10.0.0.1/24
    assert_failure 1
    netwire -q --replace br1 "$c1" 10.0.0.1/24
    run in_container "$c1" ip route show default
    assert_output 'default via 172.17.0.1 dev eth0 '
    netwire -q del "$c1"
  done
  # A mark that somebody took away.
  netwire -q br1 "$c1" 10.0.0.1/24@10.0.0.9
  in_container "$c1" ip link set eth1 alias x
  netwire -q --replace br2 "$c1" 10.0.0.1/24@10.0.0.9
  run in_container "$c1" ip route show default
  assert_line --partial 'default via 172.17.0.1 dev eth0 metric 1000000'
  in_container "$c1" ip link set eth1 alias x
  netwire -q del "$c1"
  run in_container "$c1" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
}

@test "an undone del gives routes, neighbours and addresses back as they were, or nothing is begun" {
  container c1
  uplink "$c1"
  local before change
  netwire br1 "$c1" 10.0.0.1/24,fd00::1/64,fd00::2/64,fd00::3/64
  in_container "$c1" ip -6 addr add fd05::1/64 dev eth1 valid_lft 1000 preferred_lft 900 nodad
  in_container "$c1" ip -6 addr add fe80::77/64 dev eth1 nodad
  in_container "$c1" ip neigh add 10.0.0.77 lladdr 02:00:00:00:00:77 dev eth1
  in_container "$c1" ip route add local 10.66.0.0/24 dev eth1 table 55
  in_container "$c1" ip route add multicast 239.0.0.0/8 dev eth1
  in_container "$c1" ip route add 10.57.0.0/16 via 172.17.0.9 src 10.0.0.1
  settled_state() {
    state
    in_container "$c1" ip -6 addr show dev eth1 scope link | grep -o fe80::77 || :
    in_container "$c1" ip neigh show nud permanent
    in_container "$c1" ip -6 route get fd00::99 | grep -o 'src [^ ]*'
  }
  as_before() { diff <(echo "$before") <(settled_state) >&2 || fail 'the state is another than before'; }
  before=$(settled_state)
  run undone
  assert_failure 1
  assert_output --partial 'everything was undone'
  as_before
  for change in '10.55.0.0/16 via 10.0.0.5 tos 0x10' '10.55.0.0/16 via 10.0.0.5 realm 5' \
    '10.55.0.0/16 via 10.0.0.5 rtt 30'; do
    # shellcheck disable=SC2086
    in_container "$c1" ip route add $change
    before=$(settled_state)
    run undone
    assert_failure 1
    assert_output --partial 'could not be given back if a step failed'
    as_before
    run netwire --replace br2 "$c1" 10.0.0.1/24
    assert_failure 1
    as_before
    in_container "$c1" ip route flush 10.55.0.0/16
  done
  in_container "$c1" ip route add 10.55.0.0/16 via 10.0.0.5
  in_container "$c1" ip route append 10.55.0.0/16 via 10.0.0.6
  before=$(settled_state)
  run undone
  assert_failure 1
  assert_output --partial 'has the destination and the metric of another'
  as_before
}

@test "--replace of an address: routes that are sent from it stay, from the kernel's choice" {
  container c1
  uplink "$c1"
  netwire br1 "$c1" 10.0.0.1/24
  in_container "$c1" ip route add 10.57.0.0/16 via 10.0.0.9 src 10.0.0.1
  in_container "$c1" ip route replace default via 172.17.0.1 src 10.0.0.1
  netwire --replace br1 "$c1" 10.0.0.2/24
  run in_container "$c1" ip route
  assert_line --partial '10.57.0.0/16 via 10.0.0.9 dev eth1'
  assert_line --partial 'default via 172.17.0.1 dev eth0'
  # What could not be put back is refused while it would go.
  in_container "$c1" ip route add 10.58.0.0/16 via 10.0.0.9 tos 0x10
  run netwire --replace br1 "$c1" 10.0.0.3/24
  assert_failure 1
  assert_output --partial 'goes with an address that is to go, and has tos'
}

@test "--replace takes an address with a peer away, and tells it from one without" {
  container c1
  netwire br1 "$c1" 10.0.0.1/24
  in_container "$c1" ip addr add 10.0.0.78 peer 10.7.7.7/32 dev eth1
  netwire --replace br1 "$c1" 10.0.0.1/24
  run in_container "$c1" ip addr show dev eth1
  refute_output --partial 10.7.7.7
  in_container "$c1" ip addr flush dev eth1
  in_container "$c1" ip addr add 10.0.0.1 peer 10.9.0.0/24 dev eth1
  run netwire br1 "$c1" 10.0.0.1/24
  assert_failure 1
  netwire --replace br1 "$c1" 10.0.0.1/24
  run in_container "$c1" ip route
  assert_output --partial '10.0.0.0/24 dev eth1'
}

@test "a default route that the kernel does not print as it was made stops a gateway, with nothing lost" {
  container c1
  uplink "$c1"
  in_container "$c1" ip route replace default via 172.17.0.1 rtt 30
  local before
  before=$(state)
  run netwire br1 "$c1" 10.0.0.1/24@10.0.0.9
  assert_failure 1
  assert_output --partial 'it has rtt, which could not be given back'
  assert_same_state "$before"
}
