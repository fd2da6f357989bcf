load host
load lan
load fault

@test "a NIC itself goes in, and comes home under its old name, MAC, MTU and alias, up as it was" {
  container A
  lan
  ip link set nic0 alias 'the office LAN' mtu 1400
  before=$(state)
  run netwire phys:nic0 "$A" 10.1.0.1/24,fd01::1/64 02:00:00:00:00:aa --mtu 1300
  assert_success
  assert_output "pid:$A eth1: 10.1.0.1/24,fd01::1/64 on nic0"
  run ip link show nic0
  assert_failure
  run in_container "$A" ip link show eth1
  assert_output --partial 'link/ether 02:00:00:00:00:aa'
  assert_output --partial 'mtu 1300'
  pings "$A" 10.1.0.100
  pings "$A" fd01::100
  run netwire phys:nic0 "$A" 10.1.0.1/24,fd01::1/64
  assert_output --partial 'nothing to do'
  run netwire show "$A"
  assert_line --regexp "^pid:$A +eth1 +phys +nic0 +- +10.1.0.1/24,fd01::1/64 .* netwire$"
  run netwire del --force "$A"
  assert_output "pid:$A eth1: taken back"
  assert_same_state "$before"
}

@test "by its MAC, and again while it is away; --direct-phys is the same" {
  container A
  lan
  mac=$(ip -o link show nic0 | sed -E 's/.*ether ([^ ]+).*/\1/')
  before=$(state)
  netwire --direct-phys "mac:$mac" "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
  run netwire "phys:mac:$mac" "$A" 10.1.0.1/24
  assert_output --partial 'nothing to do'
  run netwire phys:nic1 "$A" 10.1.0.1/24
  assert_failure 1
  assert_line --partial 'its parent is nic0, not nic1'
  netwire del --force "$A"
  assert_same_state "$before"
}

@test "the host is told what it loses, and gets all of it back when a step fails" {
  container A
  lan
  # A primary address with a secondary one, a label, a peer, a lease; routes that need them.
  ip addr add 10.1.0.7/24 broadcast + dev nic0 label nic0:web
  ip addr add 10.1.0.8/24 dev nic0
  ip addr add 10.5.0.1 peer 10.5.0.2/32 dev nic0
  ip addr add fd01::7/64 dev nic0 nodad
  ip route add 10.7.0.0/16 via 10.1.0.254
  ip route add 10.8.0.0/16 via 10.7.0.1 onlink dev nic0 table 100 metric 7
  ip -6 route add fd07::/64 via fd01::fe
  # Settings of its own.
  echo 1 >/proc/sys/net/ipv4/conf/nic0/forwarding
  echo 1 >/proc/sys/net/ipv6/conf/nic0/ndisc_notify
  each_step_fails phys:nic0 "$A" 10.1.0.1/24@10.1.0.100,fd01::1/64 02:00:00:00:00:aa --mtu 1300
  [ "$STEPS" -ge 17 ] || fail "only $STEPS steps were tried"
  assert_output --partial 'nic0: the host loses 10.1.0.7/24, 10.5.0.1/32, 10.1.0.8/24, fd01::7/64, the route '
  assert_output --partial 'the route 10.7.0.0/16 via 10.1.0.254 dev nic0'
}

@test "each step of del failing in turn leaves the NIC where it was" {
  container A
  lan
  uplink "$A"
  netwire phys:nic0 "$A" 10.1.0.1/24@10.1.0.100
  fault_injection
  before=$(state)
  for step in 1 2 3 4; do
    fail_at "$step"
    run netwire del --force "$A"
    assert_failure 1
    fail_at 0
    assert_same_state "$before"
  done
  netwire del --force "$A"
  ip link show nic0
}

@test "the link of the host's default route stays, unless forced" {
  container A
  lan
  ip addr add 10.1.0.7/24 dev nic0
  ip route add default via 10.1.0.254
  before=$(state)
  run netwire phys:nic0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_line --partial "netwire: nic0: the host's default route leaves by it"
  assert_line --partial 'try: --force'
  assert_same_state "$before"
  ip route del default
  ip route add default nexthop via 10.1.0.254 nexthop via 10.1.0.253
  run netwire phys:nic0 "$A" 10.1.0.1/24
  assert_failure 1
  netwire --force phys:nic0 "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
}

@test "what cannot be moved is refused before anything changes" {
  container A B
  lan
  netwire -q nic0 "$B" 10.1.0.2/24
  before=$(state)
  run netwire phys:nic0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_output 'netwire: nic0: its children, here or in containers, would lose it: eth1'
  run netwire phys:port0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_line 'netwire: parent port0: it is a port of lan0, so it can have no children and cannot be moved'
  run netwire phys:lan0 "$A" 10.1.0.1/24
  assert_failure 1
  assert_line 'netwire: parent lan0: a bridge cannot be moved'
  run netwire phys:lo "$A" 10.1.0.1/24
  assert_failure 1
  run netwire phys:nic9 "$A" 10.1.0.1/24
  assert_failure 1
  assert_output 'netwire: parent nic9: no such link
try: did you mean nic0?'
  run netwire phys:nic0 host 10.1.0.1/24
  assert_failure 2
  run netwire --direct-phys bridge:lan0 "$A" 10.1.0.1/24
  assert_failure 2
  assert_same_state "$before"
}

@test "a name that somebody took meanwhile is not taken over" {
  container A
  lan
  netwire phys:nic0 "$A" 10.1.0.1/24
  ip link add nic0 type veth peer name other0
  before=$(state)
  run netwire del --force "$A"
  assert_failure 1
  assert_output 'netwire: eth1: it belongs to the host as nic0, and the host has another link of that name now
try: ip link set dev nic0 name NAME'
  assert_same_state "$before"
  ip link del nic0
  netwire del --force "$A"
  ip link show nic0
}

@test "a name that is a link's on the host already is no hindrance inside" {
  container A
  lan
  ip link add eth1 type veth peer name eth2
  before=$(state)
  netwire phys:nic0 "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
  netwire del --force "$A"
  assert_same_state "$before"
}

@test "a link that is back on the host under another name gets its own by del" {
  lan
  mark=$(printf 'netwire:1 home=nic0 mac=%s mtu=1500 up' 02:00:00:00:00:77)
  ip link set nic0 down
  ip link set nic0 name dev7
  ip link set dev7 alias "$mark"
  run netwire del pid:999999
  assert_success
  run ip link show nic0
  assert_output --partial 'link/ether 02:00:00:00:00:77'
  assert_output --partial ',UP'
  refute_output --partial alias
}

@test "the canonical command makes the same again, and the dry run's lines do it in a shell" {
  need jq
  container A
  lan
  before=$(state)
  sh -euc "$(netwire -n phys:nic0 "$A" 10.1.0.1/24@10.1.0.100 02:00:00:00:00:01 -i lan0)"
  run netwire phys:nic0 "$A" 10.1.0.1/24@10.1.0.100 02:00:00:00:00:01 -i lan0
  assert_output --partial 'nothing to do'
  json=$(netwire show "$A" lan0 --json)
  command=$(jq -r '.[0].command' <<<"$json")
  assert_equal "$command" "netwire -i lan0 phys:nic0 pid:$A 10.1.0.1/24@10.1.0.100 02:00:00:00:00:01"
  assert_equal "$(jq -r '.[0] | [.kind, .parent, .parent_kind, .ours] | @tsv' <<<"$json")" "phys	nic0	link	true"
  sh -euc "$(netwire -n del --force "$A")"
  assert_same_state "$before"
  eval "$command"
  assert_equal "$(settled "$(netwire show "$A" lan0 --json)")" "$(settled "$json")"
}
