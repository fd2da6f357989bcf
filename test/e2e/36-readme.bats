# The commands of the README's section "Addresses", as they stand there.

load host
load dhcp

@test "each command under Addresses does what it is there for" {
  need dnsmasq udhcpc dhclient dhcpcd
  local line count=0
  # A LAN behind eth0, with a DHCP server.
  container LAN
  ip link add eth0 type veth peer name eth0 netns "$LAN"
  ip link set eth0 up
  in_container "$LAN" ip link set eth0 up
  in_container "$LAN" ip addr add 10.1.1.254/24 dev eth0
  in_container "$LAN" ip addr add fd0a::1/64 dev eth0 nodad
  mkdir -p /run/dhcp
  nsenter --target "$LAN" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --no-ping --pid-file= \
    --dhcp-leasefile=/run/dhcp/leases --dhcp-range=10.1.1.50,10.1.1.90,255.255.255.0,120 \
    --dhcp-range=fd0a::100,fd0a::1ff,slaac,64,600 --enable-ra 3>&- &
  PIDS+=("$!")
  while read -r line; do
    ip netns add c1
    ip -n c1 link add up0 type veth peer name up1
    ip -n c1 addr add 172.17.0.2/16 dev up0
    ip -n c1 link set up0 up
    ip -n c1 route add default via 172.17.0.1
    before=$(ip -n c1 route; ip -n c1 -6 route | grep -v 'fe80\|proto ra'; ip -n c1 rule; ip -n c1 -6 rule)
    run bash -c "${line/#'$ sudo netwire'/node "$NETWIRE_ROOT/bin/netwire"}"
    assert_success
    count=$((count + 1))
    case $line in
      *' route c1 '* | *' rule c1 '*) ;;
      *)
        run netwire show c1 eth1
        assert_success
        # The same again is nothing.
        run bash -c "${line/#'$ sudo netwire'/node "$NETWIRE_ROOT/bin/netwire"}"
        assert_success
        assert_output --partial 'nothing to do'
        netwire del c1
        assert_equal "$(ip -n c1 route; ip -n c1 -6 route | grep -v 'fe80\|proto ra'; ip -n c1 rule; ip -n c1 -6 rule)" "$before"
        ;;
    esac
    ip netns del c1
  done < <(sed -n '/^## Addresses/,/^## Containers/s/^    \(\$ sudo netwire .*\)/\1/p' "$NETWIRE_ROOT/README.md")
  [ "$count" -ge 18 ]
  no_clients || fail "$(clients)"
}
