load host
load fault

@test "a cable between two containers: each end its own name, addresses, MAC; one del takes both" {
  container A B
  before=$(state)
  run netwire "veth:$B" "$A" 10.4.0.1/30,fd04::1/64 02:00:00:00:04:01 \
    --peer-ifname eth5 --peer-address 10.4.0.2/30,fd04::2/64 --peer-mac 02:00:00:00:04:02 --mtu 9000
  assert_success
  assert_output "pid:$A eth1: 10.4.0.1/30,fd04::1/64 on pid:$B"
  pings "$A" 10.4.0.2
  pings "$B" fd04::1
  run in_container "$B" ip link show eth5
  assert_output --partial 'mtu 9000'
  assert_output --partial 'link/ether 02:00:00:00:04:02'
  run netwire show "$B"
  assert_line --regexp "^pid:$B +eth5 +veth +pid:$A +- +10.4.0.2/30,fd04::2/64 .* netwire$"
  netwire del "$B"
  assert_same_state "$before"
  netwire "veth:$B" "$A" 10.4.0.1/30
  netwire del "$A" eth1
  assert_same_state "$before"
}

@test "again is nothing; a difference at either end is named" {
  container A B C
  netwire -q "veth:pid:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30
  run netwire "veth:pid:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30
  assert_success
  assert_output --partial 'nothing to do'
  run netwire "veth:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.6/30
  assert_failure 1
  assert_line --partial 'at its other end it has no address 10.4.0.6/30; at its other end it has the address 10.4.0.2/30'
  run netwire "veth:$B" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30 --peer-ifname eth7
  assert_failure 1
  assert_line --partial 'at its other end the name is eth1, not eth7'
  run netwire "veth:$C" "$A" 10.4.0.1/30 --peer-address 10.4.0.2/30
  assert_failure 1
  assert_line --partial "its parent is pid:$B, not pid:$C"
  run netwire br1 "$A" 10.4.0.1/30
  assert_failure 1
  assert_line --partial "its parent is pid:$B, not br1"
}

@test "default routes at both ends are demoted, and come back" {
  container A B
  uplink "$A"
  uplink "$B"
  before=$(state)
  netwire -q "veth:$B" "$A" 10.4.0.1/30@10.4.0.2 --peer-address 10.4.0.2/30@10.4.0.1
  for pid in "$A" "$B"; do
    run in_container "$pid" ip route show default
    assert_output --partial 'via 172.17.0.1 dev eth0 metric 1000000'
  done
  netwire del "$B" eth1
  assert_same_state "$before"
}

@test "a failure at any single step undoes both ends" {
  container A B
  uplink "$A"
  uplink "$B"
  each_step_fails "veth:$B" "$A" 10.4.0.1/30@10.4.0.2 --peer-address 10.4.0.2/30@10.4.0.1,fd04::2/64
  [ "$STEPS" -ge 16 ] || fail "only $STEPS steps were tried"
}

@test "what cannot be a cable is refused in one line, and nothing changes" {
  container A B
  in_container "$B" ip link add eth1 type veth peer name eth2
  before=$(state)
  run netwire "veth:$B" "$A" 10.4.0.1/30
  assert_failure 1
  assert_output "netwire: eth1: pid:$B has an interface of that name
try: --peer-ifname NAME"
  run netwire "veth:$A" "$A" 10.4.0.1/30
  assert_failure 1
  assert_output "netwire: pid:$A: a cable from a container to itself
try: veth:CONTAINER2, another one"
  run netwire veth:999999 "$A" 10.4.0.1/30
  assert_failure 3
  run netwire veth:host "$A" 10.4.0.1/30
  assert_failure 2
  run netwire veth: "$A" 10.4.0.1/30
  assert_failure 2
  run netwire "veth:$B" "$A" 10.4.0.1/30 @10
  assert_failure 2
  run netwire br1 "$A" 10.4.0.1/30 --peer-mac 02:00:00:00:00:01
  assert_failure 2
  assert_output --partial '--peer-mac: only a cable has another end to set'
  assert_same_state "$before"
}

@test "the other container's end takes the cable along, and the next del says it is gone" {
  container A B
  netwire -q "veth:$B" "$A" 10.4.0.1/30
  kill -9 "$B"
  while in_container "$A" ip link show eth1 2>/dev/null; do sleep 0.05; done
  run netwire del "$A" eth1
  assert_success
  assert_output --partial 'nothing of it is left to take back'
}

@test "the canonical command makes the same again from either end, and the dry run's lines do it in a shell" {
  need jq
  container A B
  before=$(state)
  sh -euc "$(netwire -n "veth:$B" "$A" 10.4.0.1/30 02:00:00:00:04:01 --peer-address 10.4.0.2/30@10.4.0.1 --peer-mac 02:00:00:00:04:02 --peer-ifname up0)"
  json=$(netwire show "$A" eth1 --json)
  far=$(netwire show "$B" up0 --json)
  assert_equal "$(jq -r '.[0].command' <<<"$json")" "netwire --peer-ifname up0 --peer-address 10.4.0.2/30@10.4.0.1 --peer-mac 02:00:00:00:04:02 veth:pid:$B pid:$A 10.4.0.1/30 02:00:00:00:04:01"
  for command in "$(jq -r '.[0].command' <<<"$json")" "$(jq -r '.[0].command' <<<"$far")"; do
    sh -euc "$(netwire -n del "$A")"
    assert_same_state "$before"
    eval "$command"
    assert_equal "$(settled "$(netwire show "$A" eth1 --json)")" "$(settled "$json")"
    assert_equal "$(settled "$(netwire show "$B" up0 --json)")" "$(settled "$far")"
  done
}
