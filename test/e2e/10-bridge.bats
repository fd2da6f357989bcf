load host

@test "two containers talk over a bridge that netwire made, by IPv4 and IPv6" {
  container A B
  run netwire br1 "$A" 192.168.1.1/24,fd00::1/64
  assert_success
  assert_output "bridge br1: made
pid:$A eth1: 192.168.1.1/24,fd00::1/64 on br1"
  run netwire br1 "$B" 192.168.1.2/24,fd00::2/64
  assert_success
  assert_output "pid:$B eth1: 192.168.1.2/24,fd00::2/64 on br1"
  pings "$A" 192.168.1.2
  pings "$B" fd00::1
  run ip -br link show type veth
  assert_output --partial "veth1pl$A@"
}

@test "the host end has no address of its own, whatever its MTU" {
  container A B
  netwire br1 "$A" 192.168.1.1/24
  netwire br1 "$B" 192.168.1.2/24 --mtu 1000
  ip link set "veth1pl$A" mtu 1400
  pings "$A" 192.168.1.2
  run ip -6 -o addr show dev "veth1pl$A"
  assert_output ''
  run ip -6 -o addr show dev "veth1pl$B"
  assert_output ''
}

@test "del takes back link and bridge, and a second del is no error" {
  container A B
  before=$(state)
  netwire br1 "$A" 192.168.1.1/24
  netwire br1 "$B" 192.168.1.2/24
  run netwire del "$A"
  assert_success
  assert_output "pid:$A eth1: taken back"
  run netwire del "$B" eth1
  assert_success
  assert_line 'bridge br1: removed, its last port is gone'
  assert_same_state "$before"
  run --separate-stderr netwire del "$B" eth1
  assert_success
  assert_equal "$output" ''
  assert_equal "$stderr" "netwire: pid:$B: there is no interface eth1; nothing of it is left to take back"
  run netwire del "$B"
  assert_success
}

@test "a bridge that was there is used, and stays" {
  container A
  # Set by hand: else the kernel lets a bridge's MAC and MTU follow its ports, whoever adds them.
  ip link add lan0 address 02:00:00:00:00:10 type bridge
  ip link set lan0 up mtu 1400
  before=$(state)
  run netwire lan0 "$A" 10.0.0.1/24
  assert_success
  run in_container "$A" ip link show eth1
  assert_output --partial 'mtu 1400'
  netwire del "$A"
  assert_same_state "$before"
}

@test "a bridge of netwire's that the host was given an address on stays" {
  container A
  netwire br1 "$A" 10.0.0.1/24
  ip addr add 10.0.0.254/24 dev br1
  netwire del "$A"
  run ip -br addr show br1
  assert_success
  assert_output --partial 10.0.0.254
}

@test "the bridge keeps its MAC when ports come and go" {
  container A B
  netwire br1 "$A" 10.0.0.1/24
  mac=$(ip -j link show br1 | grep -o '"address":"[^"]*"')
  netwire br1 "$B" 10.0.0.2/24
  netwire del "$A"
  assert_equal "$(ip -j link show br1 | grep -o '"address":"[^"]*"')" "$mac"
}

@test "names, MAC and MTU are as asked, options in any place" {
  container A
  netwire --mtu 1300 bridge:lan -l outside "$A" -i inside 10.0.0.1/24 U:myhost.foo.com
  run ip -d link show outside
  assert_success
  assert_output --partial 'mtu 1300'
  assert_output --partial 'master lan'
  run in_container "$A" ip link show inside
  assert_output --partial 'mtu 1300'
  assert_output --partial '02:72:6c:cd:9b:8d'
}

@test "0/0 gives a link without an address" {
  container A
  run netwire br1 "$A" 0/0
  assert_success
  run in_container "$A" ip -4 addr show eth1
  assert_output ''
}

@test "the same command again changes nothing, whatever the order of addresses" {
  container A
  netwire br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64
  before=$(state)
  run netwire br1 "$A" FD00:0::1/64,10.0.0.1/24@10.0.0.254 --verbose
  assert_success
  assert_output "pid:$A eth1: 10.0.0.1/24,fd00::1/64 on br1, default route by 10.0.0.254 (as it was; nothing to do)"
  assert_same_state "$before"
}

@test "another attachment under the same name is refused with the differences" {
  container A
  netwire br1 "$A" 10.0.0.1/24
  before=$(state)
  run netwire br2 "$A" 10.0.0.2/24
  assert_failure 1
  assert_output "netwire: eth1: pid:$A has it already, but its parent is br1, not br2; it has no address 10.0.0.2/24; it has the address 10.0.0.1/24
try: --replace, or netwire del pid:$A eth1"
  assert_same_state "$before"
}

@test "del without a name lists the interfaces when there are several, and takes none" {
  container A
  netwire br1 "$A" 10.0.0.1/24
  netwire br1 "$A" 10.0.1.1/24 -i eth2
  before=$(state)
  run netwire del "$A"
  assert_failure 1
  assert_line "netwire: pid:$A: it has 2 interfaces that netwire made: eth1, eth2"
  assert_same_state "$before"
}

@test "an interface that netwire did not make is not taken away" {
  container A
  uplink "$A"
  before=$(state)
  run netwire del "$A" eth0
  assert_failure 1
  assert_line "netwire: eth0: netwire did not make this interface of pid:$A"
  assert_same_state "$before"
}

@test "a mark forged inside the container makes no link ours, and no bridge either" {
  container A
  uplink "$A"
  in_container "$A" ip link set eth0 alias 'netwire:1'
  run netwire del "$A" eth0
  assert_failure 1
}

@test "a container that died takes its link along; del then removes the empty bridge" {
  container A
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24
  kill -9 "$A"
  until [ -z "$(ip link show type veth)" ]; do sleep 0.05; done
  run netwire del "pid:$A"
  assert_success
  assert_line 'bridge br1: removed, its last port is gone'
  PIDS=()
  run ip -o link
  refute_output --partial br1
}

@test "a host end that was renamed is found all the same" {
  container A
  netwire br1 "$A" 10.0.0.1/24
  ip link set "veth1pl$A" down
  ip link set "veth1pl$A" name other
  ip link set other up
  run netwire del "$A"
  assert_success
  run ip -o link
  refute_output --partial other
}

@test "a namespace by name and by path, and host ends that do not clash" {
  need ping
  ip netns add blue
  ip netns add red
  netwire br1 blue 10.0.0.1/24
  netwire br1 /run/netns/red 10.0.0.2/24
  ip netns exec blue ping -c 1 -W 2 10.0.0.2
  run netwire show
  assert_success
  assert_output --partial 'netns:blue'
  assert_output --partial 'netns:red'
  netwire del netns:red
  netwire del blue
  run ip -o link show type veth
  assert_output ''
}

@test "show lists what others made as well, and tells whose it is" {
  container A
  uplink "$A"
  netwire br1 "$A" 10.0.0.1/24 02:00:00:00:00:05
  run --separate-stderr netwire show "$A"
  assert_success
  assert_equal "$stderr" ''
  assert_line --regexp "^CONTAINER +IFNAME +KIND +PARENT"
  assert_line --regexp "^pid:$A +eth0 +veth +- +up$A +172.17.0.2/16 +172.17.0.1 .* -$"
  assert_line --regexp "^pid:$A +eth1 +veth +br1 +veth1pl$A +10.0.0.1/24 +- +02:00:00:00:00:05 +1500 +UP +netwire$"
  run netwire show --parent br1
  refute_output --partial eth0
  assert_output --partial eth1
  run netwire show "$A" eth7
  assert_failure 1
}

@test "the canonical command of an attachment makes the same again" {
  need jq
  container A
  netwire bridge:lan "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 -i wan0 --mtu 1400 -l outside
  json=$(netwire show "$A" wan0 --json)
  command=$(jq -r '.[0].command' <<<"$json")
  netwire del "$A"
  eval "$command"
  assert_equal "$(settled "$(netwire show "$A" wan0 --json)")" "$(settled "$json")"
  run eval "$command"
  assert_output --partial 'nothing to do'
}

@test "del --force takes away what others made, but what cannot be deleted" {
  container A
  uplink "$A"
  in_container "$A" ip link set lo up
  run netwire del --force "$A" lo
  assert_failure 1
  assert_output --partial 'the loopback cannot be deleted'
  run netwire del --force --dry-run "$A" eth0
  assert_output "nsenter --net=/proc/$A/ns/net ip link del dev eth0"
  run netwire del --force "$A" eth0
  assert_success
  assert_output "pid:$A eth0: taken back"
  run ip link show "up$A"
  assert_failure
  run netwire del --force "$A" eth0
  assert_success
  assert_output --partial 'there is no interface eth0'
}

@test "an alternative name of a link on the host is one that is taken" {
  container c1
  ip link add d0 type veth peer name d1
  ip link property add dev d0 altname other0 || skip 'no alternative names here'
  run netwire br1 "$c1" 10.0.0.1/24 -l other0
  assert_failure 1
  assert_output 'netwire: other0: the host has a link of that name already
try: -l NAME'
  ip link del d0
}
