# pipework's command line, with its defaults: netwire-pipework.
# shellcheck disable=SC2016

load host
load lan
load ovs
load dhcp

# As it is installed: by a link of that name.
pipework() { /run/bin/pipework "$@"; }

setup_file() {
  mkdir -p /run/bin
  ln -s "$NETWIRE_ROOT/bin/netwire-pipework" /run/bin/pipework
}

@test "pipework: silent, eth1 by default, twice is once, and it is netwire's to take back" {
  container c1 c2
  local before
  before=$(state)
  run pipework br1 "$c1" 192.168.1.1/24
  assert_success
  assert_output ''
  run pipework br1 -i lan0 -l host0 -a inet "$c2" 192.168.1.2/24@192.168.1.254 U:myhost.foo.com
  assert_success
  assert_output ''
  pings "$c1" 192.168.1.2
  run in_container "$c2" ip link show dev lan0
  assert_output --partial 'link/ether 02:72:6c:cd:9b:8d'
  ip link show dev host0
  run in_container "$c2" ip route show default
  assert_output --partial 'default via 192.168.1.254 dev lan0'
  # pipework failed: "Link veth1pl4711 exists and is up".
  run pipework br1 "$c1" 192.168.1.1/24
  assert_success
  assert_output ''
  run pipework br1 "$c1" 192.168.1.9/24
  assert_failure 1
  assert_output --partial 'has it already'
  netwire del "$c1"
  netwire del "$c2"
  assert_same_state "$before"
}

@test "pipework: words that netwire has as verbs are links here, but route, rule and tc only where there is one" {
  container c1 c2
  local name
  for name in show del batch route; do
    ip link add "$name" type bridge
    ip link set "$name" up
    pipework "$name" -i "i$name" "$c1" 10.1.0.1/24
    pipework "$name" -i "i$name" "$c2" 10.1.0.2/24
    pings "$c1" 10.1.0.2
    netwire del "$c1"
    netwire del "$c2"
    ip link del "$name"
  done
  pipework br1 "$c1" 10.1.0.1/24
  run pipework route "$c1" add 10.9.0.0/16 via 10.1.0.254
  assert_success
  assert_output ''
  run pipework route "$c1" show 10.9.0.0/16
  assert_output --partial 'via 10.1.0.254 dev eth1'
  pipework rule "$c1" add from 10.1.0.1 lookup 77
  run pipework rule "$c1"
  assert_output --partial 'from 10.1.0.1 lookup 77'
  run pipework tc "$c1" qdisc show dev eth1
  assert_success
  assert_output --partial 'qdisc'
  # The tool's own status, as pipework's.
  run pipework route "$c1" add nonsense
  assert_failure
  assert_equal "$status" "$(in_container "$c1" ip route add nonsense 2>/dev/null || echo $?)"
}

@test "pipework: too few words: how it is used, on standard output, and status 1" {
  local words
  for words in '' 'br1' 'br1 c1' 'br1 -i eth5 c1' '--direct-phys eth0 c1'; do
    # shellcheck disable=SC2086
    run --separate-stderr pipework $words
    assert_failure 1
    assert_line --index 0 'Usage:'
    assert_equal "$stderr" ''
  done
  run pipework --help
  assert_success
  assert_line --index 0 'Usage:'
  run pipework --version
  assert_output "$(netwire --version)"
  container c1
  run pipework br1 "$c1" 10.0.0.1
  assert_failure
  assert_output --partial 'did you mean 10.0.0.1/24?'
  run pipework nolink "$c1" 10.0.0.1/24
  assert_failure 1
  assert_output --partial 'no such link'
}

@test "pipework: what it did not look at is not looked at: an empty MAC, -l without a bridge, -a beside DHCP, a fifth word" {
  container c1 c2
  lan
  pipework nic0 -l unused "$c1" 10.1.0.7/24 '' more
  pings "$c1" 10.1.0.100
  # The family is there for addresses.
  run pipework br1 -a inet6 "$c2" 10.0.0.1/24
  assert_failure 2
  pipework br1 -a inet6 "$c2" fd00::1/64
  run in_container "$c2" ip -6 addr show dev eth1
  assert_output --partial 'fd00::1/64'
}

@test "pipework: a container that is called host is no host" {
  lan
  run pipework nic0 host 10.1.0.9/24
  assert_failure 3
  assert_output --partial 'container host: no such container'
}

@test "pipework --direct-phys: the NIC, also the one of the default route; a bridge is no NIC" {
  container c1 c2
  lan
  ip addr add 10.1.0.1/24 dev nic0
  ip route add default via 10.1.0.100
  pipework --direct-phys br1 "$c2" 10.5.0.1/24
  run in_container "$c2" ip -d link show dev eth1
  assert_output --partial veth
  pipework --direct-phys nic0 -i container0 "$c1" 10.1.0.8/24
  run ip link show dev nic0
  assert_failure
  pings "$c1" 10.1.0.100
}

@test "pipework: -l is for Open vSwitch too" {
  open_vswitch
  container c1
  netwire -q ovs0 "$c1" 0/0 -i eth9 --ovs-datapath netdev
  pipework ovs0 -l host7 "$c1" 10.6.0.1/24 @10
  run ovs-vsctl get port host7 tag
  assert_output 10
}

@test "pipework: a DHCP client ends with the first lease, and the server is told the word for the container" {
  need udhcpc dhclient
  container c1 c2
  dhcp_server
  local word
  # The one that asks for an address is first: what the others got by chance stays with the server.
  for word in 'udhcpc:-q -r 10.7.0.66' udhcpc dhclient dhcp dhcp:-q; do
    run pipework br1 -a inet6 "$c1" "$word"
    assert_success
    assert_output ''
    within 20 no_clients
    run leases
    assert_output --regexp " 10\.7\.0\.[0-9]+ $c1 "
    # It stays when the lease is over.
    run in_container "$c1" ip -4 addr show dev eth1
    assert_output --partial 'inet 10.7.0.'
    assert_output --partial 'valid_lft forever'
    pings "$c1" 10.7.0.1
    [ "$word" = "${word%66}" ] || in_container "$c1" ip -4 addr show dev eth1 | grep -F 10.7.0.66/24
    netwire del "$c1"
  done
}

@test "pipework: with -f, and by the client that stays anyhow, the lease is kept as long as the container lives" {
  need udhcpc dhclient dhcpcd
  container c1
  dhcp_server
  local word
  for word in udhcpc-f dhclient-f dhcp:-f dhcpcd 'dhcp:-f -r 10.7.0.66' 'udhcpc-f:-r 10.7.0.66'; do
    run pipework br1 "$c1" "$word" 02:00:00:00:00:77
    assert_success
    assert_output ''
    run in_container "$c1" ip -4 addr show dev eth1
    assert_output --partial 'dynamic'
    [ "$word" = "${word%66}" ] || assert_output --partial 'inet 10.7.0.66/24'
    [ -n "$(clients)" ]
    netwire del "$c1"
    within 20 no_clients
  done
  pipework br1 "$c1" udhcpc-f
  kill -KILL "$c1"
  within 20 no_clients
}

# In a container's network, and with the /sys of that.
inside() {
  local pid=$1
  shift
  in_container "$pid" unshare --mount sh -c 'mount -t sysfs sysfs /sys && exec "$@"' sh "$@"
}

@test "pipework --wait: until the link is up, with the address that netwire gives it; it needs no ip there" {
  container c1 c2
  inside "$c1" timeout 20 env PATH=/run/bin:/bin sh -c 'pipework --wait; cat /proc/net/fib_trie' >/run/heard 3>&- &
  local waiting=$!
  inside "$c2" timeout 20 /run/bin/pipework --wait -i lan0 3>&- &
  local other=$!
  sleep 0.5
  kill -0 "$waiting"
  # An interface of another name is not waited for.
  pipework br1 -i lan0 "$c1" 10.0.0.9/24
  sleep 0.5
  kill -0 "$waiting"
  pipework br1 "$c1" 10.0.0.1/24
  wait "$waiting"
  grep -F 10.0.0.1 /run/heard
  kill -0 "$other"
  # pipework asked for no address, and so no netwire need have been here.
  ip link add lan9 type veth peer name lan0 netns "$c2"
  ip link set lan9 up
  sleep 0.5
  kill -0 "$other"
  in_container "$c2" ip link set lan0 up
  wait "$other"
  # One that is there already.
  inside "$c1" timeout 5 /run/bin/pipework --wait
}
