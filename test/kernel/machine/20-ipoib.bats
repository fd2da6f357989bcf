load machine

# The real IPoIB driver over a port with nothing behind it: everything but packets.
infiniband() {
  local stub
  stub=$NETWIRE_IBSTUB/$(uname -r)/ibstub.ko
  if [ ! -e "$stub" ]; then
    [ "${NETWIRE_TEST_REQUIRE:-}" != all ] || fail "no InfiniBand stub: linux-headers-$(uname -r) is required"
    skip "linux-headers-$(uname -r) is not installed, so there is no InfiniBand stub"
  fi
  lsmod | grep -q ^ibstub || { modprobe -a ib_core ib_uverbs && insmod "$stub" && modprobe ib_ipoib; }
  until ip link show ib0 >/dev/null 2>&1; do sleep 0.1; done
  ip link set ib0 up
}

@test "an IPoIB child in a partition: ib0 in the container, never announced, gone with del" {
  need jq
  container A
  infiniband
  run netwire ib0 "$A" 10.7.0.1/24,fd07::1/64 @8001
  assert_success
  assert_output "pid:$A ib0: 10.7.0.1/24,fd07::1/64 on ib0, partition 0x8001"
  run in_container "$A" ip -d link show ib0
  assert_output --partial 'ipoib pkey 0x8001'
  run in_container "$A" cat /proc/sys/net/ipv4/conf/ib0/arp_notify
  assert_output 0
  run netwire ib0 "$A" 10.7.0.1/24,fd07::1/64 --pkey 0x8001
  assert_output --partial 'nothing to do'
  run netwire ib0 "$A" 10.7.0.1/24,fd07::1/64 --pkey 8002
  assert_failure 1
  assert_line --partial 'its partition key is 0x8001, not 0x8002'
  json=$(netwire show "$A" ib0 --json)
  assert_equal "$(jq -r '.[0] | [.kind, .parent, .parent_kind, .pkey, .ours] | @tsv' <<<"$json")" "ipoib	ib0	link	0x8001	true"
  run netwire del "$A"
  assert_output "pid:$A ib0: taken back"
  run in_container "$A" ip link show ib0
  assert_failure
  eval "$(jq -r '.[0].command' <<<"$json")"
  assert_equal "$(jq 'map(del(.address))' <<<"$(settled "$(netwire show "$A" ib0 --json)")")" \
    "$(jq 'map(del(.address))' <<<"$(settled "$json")")"
}

@test "without a key it is its parent's; an MTU below the parent's is set, one above is refused" {
  container A
  infiniband
  netwire -q ipoib:ib0 "$A" 10.7.0.1/24 --mtu 2044 -i ibx
  run in_container "$A" ip -d link show ibx
  assert_output --partial 'mtu 2044'
  assert_output --partial 'pkey 0xffff'
  run netwire ib0 "$A" 10.7.0.1/24 --mtu 2044 -i ibx
  assert_output --partial 'nothing to do'
  netwire del "$A"
  run netwire ib0 "$A" 10.7.0.1/24 --mtu 9000
  assert_failure 1
  assert_line --partial '--mtu 9000: above the MTU of ib0, which is 4092'
}

@test "what IPoIB cannot be is refused in one line" {
  container A
  infiniband
  for key in 0 8000 10000 xyz; do
    run netwire ib0 "$A" 10.7.0.1/24 "@$key"
    assert_failure 2
    assert_output "netwire: partition key \"$key\": it is hexadecimal, 1 to 7fff, or 8001 to ffff with the bit of full members"
  done
  run netwire ib0 "$A" 10.7.0.1/24 02:00:00:00:00:01
  assert_failure 2
  assert_output 'netwire: MAC 02:00:00:00:00:01: ipoib has no MAC of its own to set
try: leave it out; bridge, ovs, macvlan, phys, veth, dummy take it'
  run netwire macvlan:ib0 "$A" 10.7.0.1/24
  assert_failure 1
  assert_output 'netwire: parent ib0: an InfiniBand link can have ipoib children alone
try: netwire ipoib:ib0 ...'
  ip link add d0 type dummy
  run netwire ipoib:d0 "$A" 10.7.0.1/24
  assert_failure 1
  assert_line 'netwire: parent d0: no InfiniBand link'
  run netwire d0 "$A" 10.7.0.1/24 --pkey 8001
  assert_failure 2
  assert_output 'netwire: --pkey 8001: macvlan is in no InfiniBand partition
try: leave it out; ipoib takes it'
  run ip -o link show type ipoib
  refute_output --partial '@'
}
