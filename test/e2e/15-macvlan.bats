load host
load lan

@test "a NIC as parent gives a macvlan child: each other, the LAN, and back without a trace" {
  container A B
  lan
  before=$(state)
  run netwire nic0 "$A" 10.1.0.1/24,fd01::1/64
  assert_success
  assert_output "pid:$A eth1: 10.1.0.1/24,fd01::1/64 on nic0"
  netwire macvlan:nic0 "$B" 10.1.0.2/24
  pings "$A" 10.1.0.2
  pings "$A" 10.1.0.100
  pings "$A" fd01::100
  run netwire nic0 "$A" fd01::1/64,10.1.0.1/24 --mode bridge
  assert_output --partial 'nothing to do'
  run netwire show "$A"
  assert_line --regexp "^pid:$A +eth1 +macvlan +nic0 +- +10.1.0.1/24,fd01::1/64 .* netwire$"
  netwire del "$A"
  netwire del "$B"
  assert_same_state "$before"
}

@test "every mode, and a second one beside it is a difference" {
  container A
  lan
  for mode in bridge vepa private passthru source; do
    netwire nic0 "$A" 10.1.0.1/24 --mode "$mode"
    run in_container "$A" ip -d link show eth1
    assert_output --partial "macvlan mode $mode"
    run netwire nic0 "$A" 10.1.0.1/24 --mode "$mode"
    assert_output --partial 'nothing to do'
    netwire del "$A"
  done
  netwire nic0 "$A" 10.1.0.1/24 --mode vepa
  run netwire nic0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_line --partial 'its mode is vepa, not bridge'
}

@test "private keeps children apart" {
  container A B
  lan
  netwire nic0 "$A" 10.1.0.1/24 --mode private
  netwire nic0 "$B" 10.1.0.2/24 --mode private
  run in_container "$A" ping -c 1 -W 1 10.1.0.2
  assert_failure
  pings "$A" 10.1.0.100
}

@test "a mode that the kernel refuses beside an existing one is named as such, and undone" {
  container A B
  lan
  netwire nic0 "$A" 10.1.0.1/24
  before=$(state)
  run netwire nic0 "$B" 10.1.0.2/24 --mode passthru
  assert_failure 1
  assert_output 'netwire: mode passthru: nic0 has a macvlan child already, and passthru must be its only one; everything was undone'
  assert_same_state "$before"
  netwire del "$A"
  netwire nic0 "$A" 10.1.0.1/24 --mode passthru
  run netwire nic0 "$B" 10.1.0.2/24
  assert_failure 1
  assert_output 'netwire: nic0 has a macvlan child in mode passthru, which must be its only one; everything was undone'
}

@test "a bridge as macvlan's parent, when asked for" {
  container A
  lan
  netwire macvlan:lan0 "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
  run netwire show "$A"
  assert_output --partial macvlan
}

@test "a port of a bridge can have no children, and the bridge is named" {
  container A
  lan
  before=$(state)
  run netwire port0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_output 'netwire: parent port0: it is a port of lan0, so it can have no children and cannot be moved
try: netwire lan0 ...'
  assert_same_state "$before"
}

@test "an MTU above the parent's is refused before anything is made" {
  container A
  lan
  ip link set nic0 mtu 1400
  before=$(state)
  run netwire nic0 "$A" 10.1.0.1/24 --mtu 1500
  assert_failure 1
  assert_output 'netwire: --mtu 1500: above the MTU of nic0, which is 1400
try: --mtu 1400'
  assert_same_state "$before"
  netwire nic0 "$A" 10.1.0.1/24
  run in_container "$A" ip link show eth1
  assert_output --partial 'mtu 1400'
}

@test "the parent by its MAC" {
  container A
  lan
  mac=$(ip -o link show nic0 | sed -E 's/.*ether ([^ ]+).*/\1/')
  run netwire "mac:$mac" "$A" 10.1.0.1/24
  assert_output "pid:$A eth1: 10.1.0.1/24 on nic0"
  run netwire "mac:$mac" "$A" 10.1.0.1/24
  assert_output --partial 'nothing to do'
  run netwire mac:02:00:00:00:00:99 "$A" 10.1.0.2/24 -i eth2
  assert_failure 1
  assert_output 'netwire: parent mac:02:00:00:00:00:99: no such link
try: ip link'
}

@test "the host gets a way to its own children, and its routes are as before when it goes" {
  container A
  lan
  netwire nic0 "$A" 10.1.0.1/24
  before=$(state)
  run netwire nic0 host 10.1.0.250/24
  assert_success
  assert_output 'host nw-nic0: 10.1.0.250/24 on nic0'
  need ping
  ping -c 1 -W 2 10.1.0.1
  run netwire nic0 host 10.1.0.250/24
  assert_output --partial 'nothing to do'
  run netwire br1 host 10.1.0.251/24
  assert_failure 2
  netwire del host
  assert_same_state "$before"
}

@test "an address that moves between macvlan children is announced, by IPv4 and IPv6" {
  local round mac
  container A B
  lan
  from=$A to=$B
  netwire -q nic0 "$A" 10.1.0.1/24,fd01::1/64
  for round in $(seq 1 10); do
    pings "$PEER" 10.1.0.1
    pings "$PEER" fd01::1
    netwire -q del "$from"
    mac=$(printf '02:00:00:00:02:%02x' "$round")
    netwire -q nic0 "$to" 10.1.0.1/24,fd01::1/64 "$mac"
    for address in 10.1.0.1 fd01::1; do
      sleep 0.05
      run in_container "$PEER" ip neigh show to "$address" dev eth0
      assert_output --partial "lladdr $mac"
    done
    [ "$from" = "$A" ] && from=$B to=$A || { from=$A to=$B; }
  done
}

@test "a dry run's lines do the same in a shell, and the canonical command makes the same again" {
  need jq
  container A
  lan
  sh -euc "$(netwire -n nic0 "$A" 10.1.0.1/24@10.1.0.100 02:00:00:00:00:01 --mode vepa --mtu 1300)"
  run netwire nic0 "$A" 10.1.0.1/24@10.1.0.100 02:00:00:00:00:01 --mode vepa --mtu 1300
  assert_output --partial 'nothing to do'
  json=$(netwire show "$A" eth1 --json)
  command=$(jq -r '.[0].command' <<<"$json")
  assert_equal "$command" "netwire --mtu 1300 --mode vepa macvlan:nic0 pid:$A 10.1.0.1/24@10.1.0.100 02:00:00:00:00:01"
  sh -euc "$(netwire -n del "$A")"
  eval "$command"
  assert_equal "$(settled "$(netwire show "$A" eth1 --json)")" "$(settled "$json")"
}

@test "words that macvlan or a bridge do not take are refused before anything is looked at twice" {
  container A
  lan
  before=$(state)
  run netwire nic0 "$A" 10.1.0.1/24 --mode l2
  assert_failure 2
  assert_output 'netwire: --mode "l2": the words for macvlan are bridge, vepa, private, passthru, source
try: ipvlan:LINK takes it'
  run netwire nic0 "$A" 10.1.0.1/24 -l outside
  assert_failure 2
  assert_output 'netwire: --host-ifname outside: macvlan has no end on the host
try: leave it out; bridge, ovs take it'
  run netwire lan0 "$A" 10.1.0.1/24 --mode vepa
  assert_failure 2
  assert_output 'netwire: --mode "vepa": bridge takes no --mode
try: macvlan:LINK takes it'
  for tag in 0 4095 x; do
    run netwire nic0 "$A" 10.1.0.1/24 "@$tag"
    assert_failure 2
    assert_output "netwire: VLAN \"$tag\": the VLAN IDs go from 1 to 4094"
  done
  assert_same_state "$before"
}
