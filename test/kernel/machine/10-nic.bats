load machine

# Two NICs with a cable between them, under the names nic0 and nic1; PEER has the far one.
nics() {
  local mac
  for n in 0 1; do
    mac=02:00:00:00:0c:0$n
    name=$(ip -o link | grep -i "$mac" | sed -E 's/^[0-9]+: ([^:@]+).*/\1/')
    ip link set "$name" down
    [ "$name" = "nic$n" ] || ip link set "$name" name "nic$n"
    ip link set "nic$n" alias '' mtu 1500
    ip addr flush dev "nic$n"
  done
  container PEER
  ip link set nic1 netns "$PEER"
  in_container "$PEER" ip addr add 10.1.0.100/24 dev nic1
  in_container "$PEER" ip link set nic1 up
}

home_again() { until ip link show nic1 >/dev/null 2>&1; do sleep 0.2; done; }

@test "a NIC by its PCI address: packets, again while it is away, home as it was" {
  container A
  nics
  pci=$(basename "$(readlink -f /sys/class/net/nic0/device/..)")
  [[ $pci == 0000:* ]] || pci=$(basename "$(readlink -f /sys/class/net/nic0/device)")
  ip link set nic0 mtu 1400
  before=$(ip -o link show nic0)
  run netwire "phys:pci:$pci" "$A" 10.1.0.1/24
  assert_success
  assert_output "pid:$A eth1: 10.1.0.1/24 on nic0"
  pings "$A" 10.1.0.100
  run netwire "phys:nic0" "$A" 10.1.0.1/24
  assert_output --partial 'nothing to do'
  netwire del "$A"
  assert_equal "$(ip -o link show nic0)" "$before"
  run netwire pci:0000:ff:1f.7 "$A" 10.1.0.1/24
  assert_failure 1
  assert_output 'netwire: parent pci:0000:ff:1f.7: no such link
try: lspci -D'
  # The other half of PARENT by PCI: a macvlan child.
  ip link set nic0 up
  netwire "pci:$pci" "$A" 10.1.0.1/24
  pings "$A" 10.1.0.100
  netwire del "$A"
}

@test "a NIC that the container made a link over comes home only when forced" {
  container A
  nics
  netwire -q phys:nic0 "$A" 10.1.0.1/24
  in_container "$A" ip link add link eth1 name mv0 type macvlan
  run netwire del "$A"
  assert_failure 1
  assert_line "netwire: eth1: links were made over it in pid:$A, which would keep a way to it: mv0"
  netwire del --force "$A"
  ip link show nic0
}

@test "the same command again finds a NIC whose container died" {
  container A B
  nics
  netwire -q phys:nic0 "$A" 10.1.0.1/24
  kill -9 "$A"
  until ip -o link show | grep -q home=nic0; do sleep 0.2; done
  run netwire phys:nic0 "$B" 10.1.0.1/24
  assert_success
  pings "$B" 10.1.0.100
  netwire del "$B"
  run ip link show nic0
  refute_output --partial alias
}

@test "a NIC whose container died comes back under another name, and del gives it its own" {
  container A
  nics
  ip link add eth1 type dummy
  ip link set nic0 up alias 'the LAN'
  netwire -q phys:nic0 "$A" 10.1.0.1/24 02:00:00:00:00:aa --mtu 1300
  pings "$A" 10.1.0.100
  kill -9 "$A"
  until ip -o link show | grep -q home=nic0; do sleep 0.2; done
  run ip link show nic0
  assert_failure
  run netwire del "pid:$A"
  assert_success
  run ip link show nic0
  assert_output --partial 'link/ether 02:00:00:00:0c:00'
  assert_output --partial 'mtu 1500'
  assert_output --partial ',UP'
  assert_output --partial 'alias the LAN'
}
