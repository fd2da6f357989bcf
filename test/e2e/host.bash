# Helpers for tests that run on a private host (see private-host): containers, state, comparison.
# shellcheck shell=bash

bats_require_minimum_version 1.13.0
load "$NETWIRE_ROOT/node_modules/bats-support/load"
load "$NETWIRE_ROOT/node_modules/bats-assert/load"
unset DOCKER_HOST NO_COLOR
export LC_ALL=C

netwire() { node "$NETWIRE_ROOT/bin/netwire" "$@"; }

# A test that needs a program: without it the test is skipped, or fails where everything is required.
need() {
  local program
  for program; do
    command -v "$program" >/dev/null && continue
    [ "${NETWIRE_TEST_REQUIRE:-}" != all ] || fail "$program is required"
    skip "$program is not installed"
  done
}

# container NAME...: a process with a network namespace of its own, its PID in the variable NAME
container() {
  local name pid
  for name; do
    unshare --net sleep 1000 3>&- &
    pid=$!
    disown
    # Not before it has left our namespace.
    until [ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
    printf -v "$name" %s "$pid"
    PIDS+=("$pid")
  done
}

# A container with an uplink as Docker gives it: eth0 and a default route.
uplink() {
  local pid=$1
  ip link add "up$pid" type veth peer name eth0 netns "$pid"
  ip link set "up$pid" up
  in_container "$pid" ip addr add 172.17.0.2/16 dev eth0
  in_container "$pid" ip link set eth0 up
  in_container "$pid" ip route add default via 172.17.0.1
}

in_container() {
  local pid=$1
  shift
  nsenter --target "$pid" --net -- "$@"
}

pings() {
  need ping
  in_container "$1" ping -c 1 -W 2 "$2" >/dev/null
}

# The children of a process, as PIDs.
children() { cat "/proc/$1/task/$1/children"; }

# The network state of the private host and of containers, as far as a change in it would matter.
state() {
  local pid
  # netwire does not wait for its last processes, which end with it.
  for _ in 1 2 3 4 5; do
    grep -qxE 'ip|flock' /proc/[0-9]*/comm 2>/dev/null || break
    sleep 0.2
  done
  {
    network_state host env
    for pid in "${PIDS[@]}"; do network_state "$pid" in_container "$pid"; done
    ls /run/netns
    # Only what was there before: sleeping containers.
    cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(ip|nsenter|flock|sleep)$' | sort
  } 2>&1
}

# Without what comes by itself and late: lifetimes, the carrier, link-local addresses.
network_state() {
  local name=$1
  shift
  echo "== $name"
  "$@" ip addr show | sed -E 's/ (tentative|dynamic|state [A-Z]+)//g; /valid_lft/d; s/(NO-CARRIER,|,LOWER_UP)//g; s/qdisc [a-z]+//; / inet6 fe80/d'
  # Routes of both families, and rules.
  printf 'route show table all\nrule show\n' | "$@" ip -batch - | sed -E 's/ linkdown| expires [0-9]+sec//g; /fe80:|ff00:/d' | sort
  "$@" sh -c 'grep -s . /proc/sys/net/ipv[46]/conf/*/{arp_notify,ndisc_notify,disable_ipv6,forwarding} /proc/sys/net/ipv4/ip_forward'
  # netwire has no business with a container's own firewall.
  [ "$name" = host ] || return 0
  iptables -S 2>/dev/null
  ip6tables -S 2>/dev/null
  bridge vlan show 2>/dev/null
  [ ! -S /var/run/openvswitch/db.sock ] || ovs_state
  :
}

# What jq prints of an attachment, without what comes by itself and late.
settled() { jq -S 'map(del(.operstate) | .addr_info |= map(select(.local | startswith("fe80") | not)))' <<<"$1"; }

# A process that netwire told to end may be seen for a moment.
assert_same_state() {
  local now
  for _ in 1 2 3 4 5; do
    now=$(state)
    [ "$1" != "$now" ] || return 0
    sleep 0.2
  done
  [ "$1" = "$now" ] || {
    diff <(echo "$1") <(echo "$now") >&2
    fail 'the state is another than before'
  }
}

setup() { PIDS=(); }

# However the test ended, the next one finds an empty host.
teardown() {
  local pid link
  for pid in "${PIDS[@]}"; do kill -9 "$pid" 2>/dev/null || :; done
  for pid in "${PIDS[@]}"; do
    while [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do sleep 0.01; done
  done
  ip -all netns del
  for link in $(ip -o link | sed -E 's/^[0-9]+: ([^:@]+).*/\1/'); do
    [ "$link" = lo ] || ip link del dev "$link" 2>/dev/null || :
  done
  iptables -F 2>/dev/null || :
  iptables -P FORWARD ACCEPT 2>/dev/null || :
  ip6tables -F 2>/dev/null || :
  ip6tables -P FORWARD ACCEPT 2>/dev/null || :
  for chain in iptables ip6tables; do "$chain" -X 2>/dev/null || :; done
}
