load host
load fault

# The set addresses of an interface, one a line.
addresses() { in_container "$1" ip -j addr show dev "$2" | jq -r '.[].addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)"'; }

defaults() { in_container "$1" ip route show default; in_container "$1" ip -6 route show default; }

index() { in_container "$1" ip -j link show dev "$2" | jq '.[].ifindex'; }

@test "--replace changes addresses in place, and leaves the link and what stays alone" {
  container c1 c2
  netwire br1 "$c2" 192.168.1.2/24
  run netwire --replace br1 "$c1" 192.168.1.1/24,192.168.1.9/24,fd00::1/64
  assert_success
  local link mac
  link=$(index "$c1" eth1)
  mac=$(in_container "$c1" cat /sys/class/net/eth1/address 2>/dev/null || :)
  in_container "$c1" ip route add 10.50.0.0/16 via 192.168.1.2
  run netwire br1 "$c1" 192.168.1.9/24,10.7.0.1/16,fd00::2/64
  assert_failure 1
  assert_output --partial 'try: --replace, or netwire del pid:'
  run netwire --replace br1 "$c1" 192.168.1.9/24,10.7.0.1/16,fd00::2/64
  assert_success
  assert_equal "$(addresses "$c1" eth1 | sort | paste -sd' ')" '10.7.0.1/16 192.168.1.9/24 fd00::2/64'
  assert_equal "$(index "$c1" eth1)" "$link"
  # A route of the user's own outlives it.
  in_container "$c1" ip route show 10.50.0.0/16 | grep 'via 192.168.1.2'
  pings "$c2" 192.168.1.9
  run netwire --replace br1 "$c1" fd00:0::2/64,10.7.0.1/16,192.168.1.9/24
  assert_success
  assert_output --partial 'nothing to do'
}

@test "--replace of all addresses brings back the routes that the kernel drops with the last one" {
  container c1
  uplink "$c1"
  netwire br1 "$c1" 192.168.1.1/24@192.168.1.254
  in_container "$c1" ip route add 10.50.0.0/16 dev eth1
  netwire --replace br1 "$c1" 192.168.1.77/24@192.168.1.254
  assert_equal "$(addresses "$c1" eth1)" 192.168.1.77/24
  in_container "$c1" ip route show 10.50.0.0/16 | grep eth1
  run defaults "$c1"
  assert_line --partial 'default via 192.168.1.254 dev eth1'
  assert_line --partial 'default via 172.17.0.1 dev eth0 metric 1000000'
}

@test "--replace takes a gateway, gives another, and takes it away again" {
  container c1
  uplink "$c1"
  local before
  before=$(defaults "$c1")
  netwire br1 "$c1" 192.168.1.1/24
  netwire --replace br1 "$c1" 192.168.1.1/24@192.168.1.254
  run defaults "$c1"
  assert_output "$(printf 'default via 192.168.1.254 dev eth1 \ndefault via 172.17.0.1 dev eth0 metric 1000000 ')"
  netwire --replace br1 "$c1" 192.168.1.1/24@192.168.1.253
  run defaults "$c1"
  assert_output "$(printf 'default via 192.168.1.253 dev eth1 \ndefault via 172.17.0.1 dev eth0 metric 1000000 ')"
  # Outside the prefix: by a way of its own, which goes with it.
  netwire --replace br1 "$c1" 192.168.1.1/24@10.9.9.9
  in_container "$c1" ip route show 10.9.9.9 | grep eth1
  netwire --replace br1 "$c1" 192.168.1.1/24
  run in_container "$c1" ip route show 10.9.9.9
  assert_output ''
  assert_equal "$(defaults "$c1")" "$before"
  netwire del "$c1" eth1
  assert_equal "$(defaults "$c1")" "$before"
}

@test "--replace repairs what was changed by hand" {
  container c1 c2
  uplink "$c1"
  netwire br1 "$c2" 192.168.1.2/24
  local words=(br1 "$c1" "192.168.1.1/24@192.168.1.2,fd00::1/64" 02:00:00:00:00:77 --mtu 1400 -l end1)
  netwire "${words[@]}"
  local damage
  # shellcheck disable=SC2016
  for damage in \
    'in_container "$c1" ip link set eth1 down' \
    'in_container "$c1" ip link set eth1 address 02:00:00:00:00:99' \
    'in_container "$c1" ip link set eth1 mtu 1300' \
    'in_container "$c1" ip addr flush dev eth1' \
    'in_container "$c1" ip addr add 10.1.1.1/8 dev eth1' \
    'in_container "$c1" ip route del default dev eth1' \
    'in_container "$c1" ip link set eth1 alias ""' \
    'ip link set end1 down' \
    'ip link set br1 down' \
    'ip link set end1 down; ip link set end1 name end2; ip link set end2 up' \
    'ip link set end1 nomaster' \
    'ip link add br9 type bridge; ip link set end1 master br9'; do
    echo "# $damage"
    eval "$damage"
    run netwire --replace "${words[@]}"
    assert_success
    run netwire "${words[@]}"
    assert_success
    assert_output --partial 'nothing to do'
    pings "$c1" 192.168.1.2
    run defaults "$c1"
    assert_line --partial 'default via 192.168.1.2 dev eth1'
    assert_line --partial 'default via 172.17.0.1 dev eth0 metric 1000000'
  done
  ip link del br9
  netwire del "$c1" eth1
  netwire del "$c2"
  run defaults "$c1"
  assert_output 'default via 172.17.0.1 dev eth0 '
  run ip -br link show type bridge
  assert_output ''
}

@test "--replace takes another link where the kind or the parent is another, and keeps the MAC" {
  container c1 c2
  uplink "$c1"
  ip link add lan0 type veth peer name lan1
  ip link set lan0 up
  ip link set lan1 up
  netwire br2 "$c2" 192.168.1.2/24
  netwire br1 "$c1" 192.168.1.1/24@192.168.1.2
  local mac
  mac=$(netwire show "$c1" eth1 --json | jq -r '.[0].address')
  netwire --replace br2 "$c1" 192.168.1.1/24@192.168.1.2
  pings "$c1" 192.168.1.2
  run netwire show "$c1" eth1 --json
  assert_equal "$(jq -r '.[0] | .parent + " " + .address' <<<"$output")" "br2 $mac"
  # The bridge that netwire made went with its last port.
  run ip link show br1
  assert_failure
  netwire --replace macvlan:lan0 "$c1" 192.168.1.1/24
  run netwire show "$c1" eth1 --json
  assert_equal "$(jq -r '.[0] | .kind + " " + .mode + " " + .address' <<<"$output")" "macvlan bridge $mac"
  netwire --replace macvlan:lan0 --mode private "$c1" 192.168.1.1/24
  netwire --replace "veth:$c2" "$c1" 10.0.0.1/24 --peer-ifname eth9 --peer-address 10.0.0.2/24
  pings "$c1" 10.0.0.2
  netwire --replace br2 "$c1" 192.168.1.1/24
  pings "$c1" 192.168.1.2
  run in_container "$c2" ip link show eth9
  assert_failure
  netwire del "$c1" eth1
  netwire del "$c2"
  run ip -br link show type bridge
  assert_output ''
}

@test "a cable's far end is changed in place" {
  container c1 c2
  netwire "veth:$c2" "$c1" 10.0.0.1/24 --peer-address 10.0.0.2/24
  local link
  link=$(index "$c2" eth1)
  netwire --replace "veth:$c2" "$c1" 10.0.0.1/24 --peer-address 10.0.0.3/24 --peer-mac 02:00:00:00:00:33 --mtu 1400
  pings "$c1" 10.0.0.3
  assert_equal "$(index "$c2" eth1)" "$link"
  netwire --replace "veth:$c2" "$c1" 10.0.0.1/24 --peer-address 10.0.0.3/24 --peer-ifname lan0
  pings "$c1" 10.0.0.3
  run in_container "$c2" ip -br link show type veth
  assert_line --partial lan0
  refute_line --partial eth1
}

@test "a failure at any single step of --replace leaves all as it was" {
  container c1 c2
  uplink "$c1"
  netwire br2 "$c2" 192.168.1.2/24
  netwire br1 "$c1" 192.168.1.1/24@192.168.1.2,192.168.1.5/24,fd00::1/64 -l end1
  in_container "$c1" ip route add 10.50.0.0/16 via 192.168.1.2 metric 5
  each_step_fails --replace br1 "$c1" 192.168.1.5/24,10.1.1.1/24@10.1.1.2 02:00:00:00:00:55 --mtu 1400 -l end2
  [ "$STEPS" -ge 15 ]
  real_ip
  netwire --replace br1 "$c1" 192.168.1.1/24@192.168.1.2,192.168.1.5/24,fd00::1/64
  each_step_fails --replace br2 "$c1" 10.1.1.1/24
  [ "$STEPS" -ge 15 ]
  real_ip
  netwire --replace "veth:$c2" "$c1" 10.1.1.1/24@10.1.1.2 --peer-address 10.1.1.2/24 --peer-ifname eth2
  each_step_fails --replace "veth:$c2" "$c1" 10.1.1.1/24@10.1.1.3 --peer-address 10.1.1.3/24,fd01::1/64 --peer-ifname eth2
  real_ip
  each_step_fails --replace br3 "$c1" 10.1.1.1/24
}

@test "--replace touches nothing that netwire did not make, and says what it cannot change" {
  container c1
  uplink "$c1"
  local before
  before=$(state)
  run netwire --replace br1 "$c1" 192.168.1.1/24 -i eth0
  assert_failure 1
  assert_output --partial 'which netwire did not make'
  assert_same_state "$before"
  ip link add lan0 type veth peer name lan1
  ip link set lan0 up
  netwire macvlan:lan0 "$c1" 10.0.0.1/24
  before=$(state)
  run netwire --replace macvlan:lan0 --mode passthru "$c1" 10.0.0.1/24
  assert_failure 1
  assert_output --partial 'must be the only child of lan0'
  run netwire --replace ipvlan:lan0 "$c1" 10.0.0.1/24
  assert_failure 1
  assert_output --partial 'lan0 cannot have both at once'
  assert_same_state "$before"
  run netwire del --replace "$c1"
  assert_failure 2
}

@test "the dry run of --replace prints just the difference, and changes nothing" {
  container c1
  netwire br1 "$c1" 192.168.1.1/24
  local before
  before=$(state)
  run netwire --replace --dry-run br1 "$c1" 192.168.1.1/24,192.168.1.2/24
  assert_success
  assert_line --index 0 --partial 'ip addr add 192.168.1.2/24'
  assert_same_state "$before"
  run netwire --replace --dry-run br2 "$c1" 192.168.1.1/24
  assert_success
  assert_same_state "$before"
  # Its lines do it in a shell.
  sh -ec "$output"
  run netwire --replace br2 "$c1" 192.168.1.1/24
  assert_success
  assert_output --partial 'nothing to do'
}

@test "netwire killed before each change of a --replace: the same again repairs it, or gc and add" {
  container c1
  uplink "$c1"
  local step base killed
  netwire br1 "$c1" 192.168.1.1/24@192.168.1.2
  fault_injection
  # shellcheck disable=SC2016
  for step in $(seq 1 40); do
    fail_at 0
    netwire --replace br1 "$c1" 192.168.1.1/24@192.168.1.2 >/dev/null 2>&1 || { netwire gc && netwire br1 "$c1" 192.168.1.1/24@192.168.1.2; }
    fail_at "$step" 0.05
    netwire --replace br2 "$c1" 10.1.1.1/24 >/dev/null 2>&1 &
    killed=$!
    until [ "$(cat /run/fault/count)" -ge "$step" ] || ! kill -0 $killed 2>/dev/null; do sleep 0.01; done
    kill -9 $killed 2>/dev/null || break
    wait $killed 2>/dev/null || :
    fail_at 0
    sleep 0.3
  done
  [ "$step" -gt 5 ]
  fail_at 0
  netwire gc
  netwire del "$c1" eth1
  run defaults "$c1"
  assert_output 'default via 172.17.0.1 dev eth0 '
  run in_container "$c1" ip -br link
  refute_output --partial nwa
  netwire gc
  run ip -br link show type bridge
  assert_output ''
}
