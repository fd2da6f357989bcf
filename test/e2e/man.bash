# shellcheck shell=bash
# The examples of the man page, a block at a time.

# examples: each block's commands, with a zero byte behind it
examples() {
  awk '
    /^\.Sh EXAMPLES/ { inside = 1 }
    /^\.Sh DIAGNOSTICS/ { inside = 0 }
    inside && /^\.Bd/ { block = 1; next }
    inside && /^\.Ed/ { block = 0; printf "%c", 0; next }
    block' "$NETWIRE_ROOT/man/netwire.8"
}

# What a kernel may lack for an example.
drivers_of() {
  case $1 in
    *ipvlan* | *@20* | *--trunk*) echo some ;;
    *) echo none ;;
  esac
}

# check_examples DRIVERS NUMBER: as many as that, or the page has changed
check_examples() {
  local block count=0
  while IFS= read -r -d '' block <&9; do
    [ "$(drivers_of "$block")" = "$1" ] || continue
    check_example "$block"
    count=$((count + 1))
  done 9< <(examples)
  assert_equal "$count" "$2"
}

# Containers c1, c2 and c3, a LAN with a DHCP server behind eth0, a NIC eth3.
man_host() {
  local name
  container LAN
  for name in c1 c2 c3; do ip netns add "$name"; done
  ip link add eth0 type veth peer name eth0 netns "$LAN"
  ip link add eth3 type veth peer name port3
  ip link set eth0 up
  ip link set eth3 up
  ip link set port3 up
  in_container "$LAN" ip link set eth0 up
  in_container "$LAN" ip addr add 10.1.1.254/24 dev eth0
  command -v dnsmasq >/dev/null || return 0
  mkdir -p /run/dhcp
  nsenter --target "$LAN" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --no-ping \
    --pid-file= --dhcp-leasefile=/run/dhcp/leases --dhcp-range=10.1.1.50,10.1.1.90,255.255.255.0,120 3>&- &
  PIDS+=("$!")
}

man_state() {
  local name
  ip -br link | sed 's/[@ ].*//'
  for name in c1 c2 c3; do
    ip -n "$name" -br link | sed 's/[@ ].*//'
    ip -n "$name" route
  done
}

check_example() {
  local before name
  before=$(man_state)
  run bash -euo pipefail -c "netwire() { node '$NETWIRE_ROOT/bin/netwire' \"\$@\"; }
$1"
  [ "$status" = 0 ] || fail "$1: $output"
  for name in c1 c2 c3; do
    # Veth pairs stand in for NICs.
    netwire -q del --force --all "$name"
  done
  if ip link show nw-eth0 >/dev/null 2>&1; then netwire -q del host nw-eth0; fi
  assert_equal "$(man_state)" "$before"
}
