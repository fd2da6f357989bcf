load host
load busybox

@test "two containers talk over a bridge made by busybox's tools, by IPv4 and IPv6" {
  container A B
  before=$(state)
  run netwire br1 "$A" 192.168.1.1/24,fd00::1/64
  assert_success
  assert_output "bridge br1: made
pid:$A eth1: 192.168.1.1/24,fd00::1/64 on br1"
  run netwire br1 "$B" 192.168.1.2/24,fd00::2/64 --mtu 1400
  assert_success
  pings "$A" 192.168.1.2
  pings "$B" fd00::1
  run ip link show "veth1pl$B"
  assert_output --partial 'mtu 1400'
  assert_output --partial "alias netwire:1 netns=$(stat -Lc %i "/proc/$B/ns/net") pid:$B"
  run in_container "$B" ip link show eth1
  assert_output --partial 'mtu 1400'
  assert_output --partial 'alias netwire:1'
  netwire del "$A"
  run netwire del "$B" eth1
  assert_success
  assert_line 'bridge br1: removed, its last port is gone'
  assert_same_state "$before"
}

@test "again is nothing, another is refused, and show lists what is there" {
  need jq
  container A
  uplink "$A"
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:05
  before=$(state)
  run netwire br1 "$A" fd00::1/64,10.0.0.1/24@10.0.0.254 --verbose
  assert_success
  assert_output --partial 'as it was; nothing to do'
  assert_same_state "$before"
  run netwire br2 "$A" 10.0.0.2/24
  assert_failure 1
  assert_output --partial "pid:$A has it already, but its parent is br1, not br2"
  run --separate-stderr netwire show "$A"
  assert_success
  assert_equal "$stderr" ''
  assert_line --regexp "^pid:$A +eth0 +veth +- +up$A +172.17.0.2/16 +172.17.0.1 .* -$"
  assert_line --regexp "^pid:$A +eth1 +veth +br1 +veth1pl$A +10.0.0.1/24,fd00::1/64 +10.0.0.254 +02:00:00:00:00:05 +1500 +UP +netwire$"
  with_busybox=$(netwire show "$A" --json)
  # The real ip tells the same.
  as_by_iproute2=$(iproute2_netwire show "$A" --json)
  assert_equal "$(settled "$with_busybox")" "$(settled "$as_by_iproute2")"
}

@test "every change of an attach fails in turn, with all that busybox can be asked for" {
  container A B
  uplink "$A"
  netwire br1 "$B" 10.0.0.2/24
  each_step_fails before br2 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64@fe80::1 --mtu 1400 -l outside
  [ "$STEPS" -ge 21 ] || fail "only $STEPS steps were tried"
  netwire del "$A"
  each_step_fails before br1 "$A" 192.0.2.1/32@203.0.113.1
}

@test "every tool is killed in turn after it did its work" {
  container A
  uplink "$A"
  each_step_fails after br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64
}

@test "every step of a del fails in turn" {
  local step
  container A
  uplink "$A"
  clean=$(state)
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  before=$(state)
  fault_injection
  for step in 1 2 3 4; do
    fail_at "$step"
    run netwire del "$A"
    assert_failure 1
    assert_output --partial 'everything was undone'
    fail_at 0
    assert_same_state "$before"
  done
  # The bridge goes after the last step; what fails there is listed.
  fail_at 5
  run netwire del "$A"
  assert_failure 5
  assert_line 'left: ip link del dev br1'
  no_faults
  ip link del dev br1
  assert_same_state "$clean"
}

@test "what --dry-run prints can be run by busybox's shell, and makes just what the command makes" {
  container A
  uplink "$A"
  before=$(state)
  netwire --dry-run br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:05 >/run/plan
  assert_same_state "$before"
  PATH=/usr/sbin /usr/sbin/sh -e /run/plan
  run netwire br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:05
  assert_success
  assert_output --partial 'nothing to do'
  netwire --dry-run del "$A" >/run/plan
  PATH=/usr/sbin /usr/sbin/sh -e /run/plan
  assert_same_state "$before"
}

@test "a displaced default route comes back with its metric" {
  container A
  uplink "$A"
  in_container "$A" ip route add default via 172.17.0.9 metric 50
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  run in_container "$A" ip route show default
  assert_output 'default via 10.0.0.254 dev eth1 
default via 172.17.0.1 dev eth0 metric 1000000 
default via 172.17.0.9 dev eth0 metric 1000050 '
  netwire del "$A"
  assert_same_state "$before"
}

@test "a default route that busybox's ip does not show whole is not moved" {
  container A
  uplink "$A"
  in_container "$A" ip route add default metric 9 nexthop via 172.17.0.8 nexthop via 172.17.0.9
  before=$(state)
  run netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  assert_failure 1
  assert_output --partial 'several next hops, which could not be given back'
  assert_same_state "$before"
}

@test "what busybox cannot make is refused in one line before anything changes" {
  container A
  ip link add lan0 type bridge
  ip link add nic0 type veth peer name nic1
  before=$(state)
  refused() {
    run netwire "$@" "$A" 10.0.0.1/24
    assert_failure 1
    assert_line --index 0 --partial "this machine's ip is busybox's, which cannot"
    assert_line --index 1 'try: install iproute2'
    assert_equal "${#lines[@]}" 2
    assert_same_state "$before"
  }
  refused nic0
  assert_output --partial 'netwire: macvlan: '
  refused ipvlan:nic0
  assert_output --partial 'netwire: ipvlan: '
  refused dummy0
  assert_output --partial 'netwire: dummy: '
  refused br1 --vlan 10
  assert_output --partial 'netwire: VLANs of a bridge port: '
  refused lan0 --trunk 20 --vlan-filtering
  refused nic0 --vlan 5
}

@test "a namespace that has a name and no process" {
  ip netns add blue
  ip netns add red
  netwire br1 blue 10.0.0.1/24
  netwire br1 /run/netns/red 10.0.0.2/24
  ip netns exec blue ping -c 1 -W 2 10.0.0.2
  netwire del netns:red
  netwire del blue
  run ip -o link
  refute_output --partial br1
}

@test "a name that is taken on the host is left alone" {
  container A
  ip link add outside type bridge
  before=$(state)
  run netwire br1 "$A" 10.0.0.1/24 -l outside
  assert_failure 1
  assert_same_state "$before"
}

@test "a container whose own links bear names like the kernel's keeps them" {
  container A
  in_container "$A" ip link add veth0 type veth peer name veth1
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24
  run in_container "$A" ip -br link
  assert_output --partial 'veth0@veth1'
  netwire del "$A"
  assert_same_state "$before"
}

# Somebody holds the lock: the process HOLDER.
hold_lock() {
  touch /run/netwire.lock
  "$FLOCK" --no-fork /run/netwire.lock sleep 1000 3>&- &
  HOLDER=$!
  disown
  PIDS+=("$HOLDER")
  until ! "$FLOCK" -n /run/netwire.lock true; do sleep 0.01; done
}

@test "one at a time: others wait, and give up in time" {
  container A B
  hold_lock
  run netwire --timeout 0.3 br1 "$A" 10.0.0.1/24
  assert_failure 1
  assert_output 'netwire: another netwire is at work and did not end in time
try: --timeout SECONDS'
  netwire br1 "$A" 10.0.0.1/24 3>&- &
  one=$!
  netwire br1 "$B" 10.0.0.2/24 3>&- &
  two=$!
  kill -9 "$HOLDER"
  wait "$one" "$two"
  pings "$A" 10.0.0.2
  run pgrep -x flock
  assert_output ''
}

@test "a signal undoes, also while the lock is waited for" {
  container A
  hold_lock
  before=$(state)
  PATH=/usr/bin "$NODE" "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24 2>/run/stderr 3>&- &
  pid=$!
  until pgrep -P "$pid" >/dev/null; do sleep 0.01; done
  sleep 0.3
  kill -TERM "$pid"
  ended=0
  wait "$pid" || ended=$?
  assert_equal "$ended" 143
  assert_equal "$(cat /run/stderr)" 'netwire: SIGTERM: undoing
netwire: interrupted: nothing was done yet'
  assert_same_state "$before"
}

@test "the lock goes with a netwire that is killed" {
  container A
  fault_injection
  printf '#!/bin/sh\ntouch /run/at-work\nsleep 1000\n' >/run/fault/slow
  chmod +x /run/fault/slow
  ln -sf /run/fault/slow /usr/sbin/brctl
  PATH=/usr/bin "$NODE" "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24 3>&- &
  pid=$!
  PIDS+=("$pid")
  until [ -e /run/at-work ]; do sleep 0.01; done
  slow=$(pgrep -P "$pid" -f brctl)
  run "$FLOCK" -n /run/netwire.lock true
  assert_failure
  kill -9 "$pid" "$slow"
  "$FLOCK" -w 2 /run/netwire.lock true
}

@test "SIGINT, SIGTERM and SIGHUP undo what was done" {
  local signal number ended
  container A
  uplink "$A"
  before=$(state)
  for signal in INT:130 TERM:143 HUP:129; do
    fault_injection
    fail_at 0
    echo 0.05 >/run/fault/delay
    PATH=/usr/bin "$NODE" "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24@10.0.0.254 >/run/out 2>&1 3>&- &
    number=$!
    until [ "$(</run/fault/count)" -ge 7 ]; do sleep 0.01; done
    kill "-${signal%:*}" "$number"
    ended=0
    wait "$number" || ended=$?
    no_faults
    run cat /run/out
    assert_line 'netwire: interrupted: everything was undone'
    assert_equal "$ended" "${signal#*:}"
    assert_same_state "$before"
  done
}

@test "an address that moves is announced, and an IPv6 address is usable at once" {
  local round mac
  container A B C
  netwire -q br1 "$C" 10.0.0.9/24,fd00::9/64
  netwire -q br1 "$A" 10.0.0.1/24,fd00::1/64
  pings "$C" fd00::1
  for round in 1 2 3 4 5; do
    pings "$C" 10.0.0.1
    pings "$C" fd00::1
    netwire -q del "$A"
    mac=$(printf '02:00:00:00:01:%02x' "$round")
    netwire -q br1 "$B" 10.0.0.1/24,fd00::1/64 "$mac"
    run in_container "$B" ip -6 addr show scope global
    refute_output --partial tentative
    sleep 0.1
    run in_container "$C" ip neigh show dev eth1
    assert_output --regexp "10.0.0.1 .*lladdr $mac"
    assert_output --regexp "fd00::1 .*lladdr $mac"
    [ "$round" = 5 ] || { C2=$A && A=$B && B=$C2; }
  done
}

@test "IPv6 works where the container has it switched off" {
  container A B
  in_container "$A" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  netwire br1 "$A" fd00::1/64
  netwire br1 "$B" fd00::2/64
  pings "$A" fd00::2
}

@test "where FORWARD drops bridged frames it pings, and the rule goes with the bridge" {
  need iptables ip6tables
  container A B
  iptables -P FORWARD DROP
  ip6tables -P FORWARD DROP
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24,fd00::1/64
  netwire br1 "$B" 10.0.0.2/24,fd00::2/64
  assert_equal "$(iptables -S FORWARD | grep -c 'br1.*netwire')" 1
  pings "$A" 10.0.0.2
  pings "$A" fd00::2
  netwire del "$A"
  netwire del "$B"
  assert_same_state "$before"
}

@test "what was made with iproute2 is shown and taken back with busybox's tools, and the other way round" {
  container A B
  before=$(state)
  iproute2_netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  netwire br1 "$B" 10.0.0.2/24
  run netwire br1 "$A" 10.0.0.1/24@10.0.0.254
  assert_output --partial 'nothing to do'
  run iproute2_netwire br1 "$B" 10.0.0.2/24
  assert_output --partial 'nothing to do'
  pings "$A" 10.0.0.2
  iproute2_netwire del "$B"
  netwire del "$A"
  assert_same_state "$before"
}

@test "a tool that is missing is named in one line" {
  container A
  before=$(state)
  local tool
  for tool in flock unshare; do
    mv "/run/sbin/$tool" /run/away
    mount --bind /dev/null "/usr/bin/$tool"
    run netwire br1 "$A" 10.0.0.1/24
    umount "/usr/bin/$tool"
    mv /run/away "/run/sbin/$tool"
    assert_failure 1
    assert_equal "${#lines[@]}" 1
    assert_output --partial "$tool"
    assert_same_state "$before"
  done
}
