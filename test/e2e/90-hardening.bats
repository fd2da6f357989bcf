load host

# What went wrong once, or could: one test each.

@test "a default route that a router advertised on our link does not keep del from working" {
  container A
  in_container "$A" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
  uplink "$A"
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::5/64
  in_container "$A" ip -6 route add default via fe80::1 dev eth1 proto ra metric 1024 expires 1800
  in_container "$A" ip route add default dev eth1 tos 0x10 metric 5
  run netwire del "$A"
  assert_success
  assert_same_state "$before"
}

@test "two default routes of one metric are refused before anything changes" {
  container A
  uplink "$A"
  in_container "$A" ip route append default via 172.17.0.3
  before=$(state)
  run netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  assert_failure 1
  assert_output 'netwire: default routes: there are two of metric 0, so neither could be told from the other
try: leave out @GATEWAY'
  assert_same_state "$before"
}

@test "a bridge that somebody put a macvlan on stays" {
  container A B
  netwire br1 "$A" 10.0.0.1/24
  ip link add link br1 name hostmac type macvlan mode bridge
  netwire del "$A"
  run ip link show hostmac
  assert_success
  ip link del hostmac
  netwire br1 "$A" 10.0.0.1/24
  # One that lives in a container, which the host does not list.
  ip link add link br1 name mac0 netns "$B" type macvlan mode bridge
  netwire del "$A"
  run in_container "$B" ip link show mac0
  assert_success
}

@test "somebody else's bridge keeps its MAC, which is its lowest port's" {
  container A
  ip link add lan0 address fa:00:00:00:00:01 type veth peer name far0
  ip link add br0 type bridge
  ip link set lan0 master br0
  ip link set br0 up
  for _ in 1 2 3; do
    netwire -q br0 "$A" 10.0.0.1/24
    run ip -br link show br0
    assert_output --partial fa:00:00:00:00:01
    netwire -q del "$A"
  done
}

@test "a rule that accepts something else is not taken for one that accepts bridged frames" {
  need iptables ping
  container A B
  iptables -P FORWARD DROP
  iptables -A INPUT -i br1 -j ACCEPT
  iptables -N other
  iptables -A other -i br1 -j ACCEPT
  iptables -A FORWARD -i br1 -m mark --mark 0x7 -j ACCEPT
  netwire br1 "$A" 10.0.0.1/24
  netwire br1 "$B" 10.0.0.2/24
  pings "$A" 10.0.0.2
}

@test "a rule that was flushed is made again by the next attachment" {
  need iptables ping
  container A B
  iptables -P FORWARD DROP
  echo 1 >/proc/sys/net/ipv4/ip_forward
  netwire br1 "$A" 10.0.0.1/24
  iptables -F
  netwire br1 "$B" 10.0.0.2/24
  pings "$A" 10.0.0.2
  netwire del "$A"
  netwire del "$B"
  echo 0 >/proc/sys/net/ipv4/ip_forward
  run iptables -S FORWARD
  assert_output '-P FORWARD DROP'
}

@test "names that ip -batch or iptables would read as their own are refused" {
  container A
  before=$(state)
  # shellcheck disable=SC1003 # a lone backslash is meant
  for name in 'br+' '!' 'a#b' 'a"b' "a'b" 'a\' 'a=b' auto; do
    run timeout 5 node "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24 -i "$name"
    assert_failure 2
  done
  for name in 'br+' 'bridge:!' 'br#1'; do
    run timeout 5 node "$NETWIRE_ROOT/bin/netwire" "$name" "$A" 10.0.0.1/24
    assert_failure 2
  done
  assert_same_state "$before"
}

@test "names that ip has as keywords are names" {
  container A
  before=$(state)
  for name in up dev type name master address netns peer; do
    netwire -q "bridge:$name" "$A" 10.0.0.1/24 -i "$name" -l "x$name"
    netwire -q del "$A"
  done
  assert_same_state "$before"
}

@test "a signal while it waits for the lock ends it at once" {
  container A
  netwire -q br1 "$A" 10.0.0.1/24
  flock /run/netwire.lock sleep 30 3>&- &
  PIDS+=("$!")
  holder=$!
  until ! flock -n /run/netwire.lock true; do sleep 0.01; done
  node "$NETWIRE_ROOT/bin/netwire" del "$A" >/run/out 2>&1 3>&- &
  pid=$!
  sleep 0.5
  kill -INT "$pid"
  SECONDS=0
  ended=0
  wait "$pid" || ended=$?
  assert_equal "$ended" 130
  [ "$SECONDS" -lt 5 ] || fail "it took $SECONDS seconds"
  run cat /run/out
  assert_line 'netwire: interrupted: nothing was done yet'
  # Nor is the lock waited for when there is nothing to do anyhow.
  SECONDS=0
  run netwire br1 nosuch 0/0
  assert_failure 3
  [ "$SECONDS" -lt 5 ] || fail "it took $SECONDS seconds"
  kill -9 "$(children "$holder")" "$holder"
}

@test "a signal after the work is done finds it done" {
  container A
  # A shell of its own: this one looks at each command before it runs, which is too slow.
  cat >/run/loop <<'SH'
for _ in $(seq 1 15); do
  : >/run/out
  node "$NETWIRE_ROOT/bin/netwire" br1 "$1" 10.0.0.1/24 >/run/out &
  pid=$!
  until [ -s /run/out ]; do :; done
  kill -TERM "$pid" 2>/dev/null
  wait "$pid" || { echo "status $? though it was made"; exit 1; }
  node "$NETWIRE_ROOT/bin/netwire" -q del "$1"
done
SH
  run bash /run/loop "$A"
  assert_success
}

@test "what a container writes into its links keeps nobody from working" {
  container A B
  netwire -q br1 "$A" 10.0.0.1/24
  in_container "$A" ip link add 'a#b' type veth peer name zz
  in_container "$A" ip link set zz alias $'\x01\x1b[31m'
  run netwire show
  assert_success
  refute_output --partial $'\x1b'
  run netwire del "$A"
  assert_success
}

@test "a link-local address can be asked for, and one that stands for IPv4 cannot" {
  container A
  run netwire br1 "$A" fe80::5/64
  assert_success
  run netwire br1 "$A" fe80::5/64
  assert_output --partial 'nothing to do'
  netwire -q del "$A"
  run netwire br1 "$A" ::ffff:1.2.3.4/96
  assert_failure 2
  run netwire br1 "$A" ::1.2.3.4/96
  assert_failure 2
  run netwire br1 "$A" fd00::1/0
  assert_failure 2
}

@test "a parent by its alternative name" {
  container A
  ip link add brlong type bridge
  ip link set brlong up
  ip link property add dev brlong altname bralt
  run netwire bralt "$A" 10.0.0.1/24
  assert_success
  assert_output "pid:$A eth1: 10.0.0.1/24 on brlong"
}

@test "a namespace whose name was deleted meanwhile is no success" {
  ip netns add blue
  flock /run/netwire.lock sleep 0.7 3>&- &
  until ! flock -n /run/netwire.lock true; do sleep 0.01; done
  node "$NETWIRE_ROOT/bin/netwire" br1 blue 10.0.0.1/24 >/run/out 2>&1 3>&- &
  pid=$!
  sleep 0.4
  ip netns del blue
  ended=0
  wait "$pid" || ended=$?
  assert_equal "$ended" 3
  run ip -o link
  refute_output --partial br1
}

@test "a working directory that is gone is no obstacle" {
  container A
  mkdir /run/gone
  cd /run/gone
  rmdir /run/gone
  netwire br1 "$A" 10.0.0.1/24
  cd /
}

@test "paths that lead nowhere, or to a namespace of another kind, are one line each" {
  container A
  long=$(printf 'a%.0s' $(seq 1 300))
  ln -s loop /run/netns/loop
  for name in /etc/passwd/x "$long" "/$long" loop "/proc/$A/ns/mnt"; do
    run netwire br1 "$name" 10.0.0.1/24
    assert_failure 3
    refute_output --partial fault
  done
  run netwire show
  assert_success
  rm /run/netns/loop
}

@test "a full disk is told of" {
  container A
  run netwire show --json
  assert_success
  ended=0
  netwire show --json >/dev/full 2>/run/err || ended=$?
  assert_equal "$ended" 1
  run cat /run/err
  assert_output --partial 'netwire: standard output: '
}

@test "IPv6 on a bridge whose MTU is too small is refused before anything is made" {
  container A
  ip link add lan0 address 02:00:00:00:00:1a type bridge
  ip link set lan0 up mtu 1200
  before=$(state)
  run netwire lan0 "$A" fd00::1/64
  assert_failure 1
  assert_output 'netwire: lan0: its MTU is 1200, and IPv6 needs 1280
try: --mtu 1280'
  assert_same_state "$before"
}

@test "links that come and go elsewhere do not disturb show" {
  container A
  netwire -q br1 "$A" 10.0.0.1/24
  for n in $(seq 1 150); do echo "link add w$n type veth peer name x$n"; done | ip -batch -
  (while :; do ip link add flap type veth peer name flop; ip link del flap; done) 3>&- &
  PIDS+=("$!")
  for _ in $(seq 1 25); do
    run netwire show "$A"
    assert_success
  done
}
