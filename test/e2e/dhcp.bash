# shellcheck shell=bash
# A DHCP server on a bridge: dnsmasq in a namespace of its own, the container SERVER at 10.7.0.1.

# dhcp_server [LEASE SECONDS] [OPTION OF DNSMASQ]...
dhcp_server() {
  local seconds=${1:-120}
  [ $# = 0 ] || shift
  need dnsmasq
  dhcp_network
  nsenter --target "$SERVER" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
    --bind-interfaces --interface=eth1 --no-ping --log-dhcp --log-facility=/run/dhcp/log --pid-file= \
    --dhcp-leasefile=/run/dhcp/leases --dhcp-range="10.7.0.50,10.7.0.90,255.255.255.0,$seconds" \
    --dhcp-option=option:router,10.7.0.1 --dhcp-option=option:dns-server,10.7.0.1 \
    --dhcp-option=option:domain-name,lab.test "$@" 3>&- &
  listening $!
}

# A router and DHCPv6 server at fd07::1, with the same files.
# dhcp6_server [OPTION OF DNSMASQ]...
dhcp6_server() {
  need dnsmasq
  within 50 no_clients
  rm -rf /run/dhcp
  mkdir -p /run/dhcp
  container SERVER
  netwire -q br1 "$SERVER" fd07::1/64,10.7.0.1/24
  nsenter --target "$SERVER" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
    --bind-interfaces --interface=eth1 --no-ping --log-dhcp --log-facility=/run/dhcp/log --pid-file= \
    --dhcp-leasefile=/run/dhcp/leases --enable-ra --dhcp-range=fd07::100,fd07::1ff,64,600 \
    --dhcp-option="option6:dns-server,[fd07::1]" --dhcp-option=option6:domain-search,six.test "$@" 3>&- &
  PIDS+=("$!")
  DHCPD=$!
  # Port 547.
  until in_container "$SERVER" grep -q ':0223 ' /proc/net/udp6 2>/dev/null; do sleep 0.05; done
}

# The same by busybox, for leases shorter than the two minutes that dnsmasq gives at least.
# short_leases SECONDS [ROUTER]
short_leases() {
  need busybox
  dhcp_network
  cat >/run/dhcp/conf <<CONF
interface eth1
start 10.7.0.50
end 10.7.0.90
option subnet 255.255.255.0
option router ${2:-10.7.0.1}
option lease $1
min_lease 1
lease_file /run/dhcp/short
pidfile /run/dhcp/pid
CONF
  touch /run/dhcp/short
  nsenter --target "$SERVER" --net busybox udhcpd -f /run/dhcp/conf 3>&- 2>>/run/dhcp/log &
  listening $!
}

dhcp_network() {
  [ -z "${SERVER:-}" ] || return 0
  # Those of the test before are ending.
  within 50 no_clients
  rm -rf /run/dhcp
  mkdir -p /run/dhcp
  container SERVER
  netwire -q br1 "$SERVER" 10.7.0.1/24
  in_container "$SERVER" ip link set lo up
}

# listening PID: it is the server's, and listens from now on
listening() {
  DHCPD=$1
  PIDS+=("$1")
  until in_container "$SERVER" grep -q ':0043 ' /proc/net/udp 2>/dev/null; do sleep 0.05; done
}

end_server() {
  kill "$DHCPD"
  wait "$DHCPD" || :
}

# What dnsmasq knows of leases: time, MAC, address, host name, client identifier.
leases() { cat /run/dhcp/leases 2>/dev/null; }

# Has the server written down that a MAC's or an address's lease is given back?
released() { ! leases | grep -qF "$1"; }

# Processes of DHCP clients and their keepers.
# shellcheck disable=SC2009
clients() { ps -eo pid=,args= | grep -E '[n]etwire-dhcp|[u]dhcpc|[d]hclient|[d]hcpcd' || :; }

# Waits until a command succeeds, at most so many tenths of a second.
within() {
  local tenths=$1
  shift
  while ! "$@" >/dev/null 2>&1; do
    [ $((tenths -= 1)) -gt 0 ] || fail "not within time: $*"
    sleep 0.1
  done
}

no_clients() { [ -z "$(clients)" ] && ! ls -d /run/netwire-dhcp*; }
