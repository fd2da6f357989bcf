# DHCP by udhcpc, dhcpcd and dhclient, with dnsmasq as the server.
# shellcheck disable=SC2016

load host
load dhcp
load fault

@test "each client gets a lease: address, default route, host name, client identifier, and del gives it back" {
  need udhcpc dhcpcd dhclient
  container c1
  dhcp_server
  uplink "$c1"
  local before client
  before=$(state)
  for client in udhcpc dhcpcd dhclient; do
    netwire br1 "$c1" "$client" --hostname box1 02:00:00:00:00:77
    run in_container "$c1" ip -4 addr show dev eth1
    assert_output --regexp 'inet 10\.7\.0\.[0-9]+/24 brd 10\.7\.0\.255 .*dynamic'
    run in_container "$c1" ip route show default
    assert_line --index 0 --partial 'default via 10.7.0.1 dev eth1'
    assert_line --index 1 --partial 'default via 172.17.0.1 dev eth0 metric 1000000'
    pings "$c1" 10.7.0.1
    run leases
    assert_output --regexp '02:00:00:00:00:77 10\.7\.0\.[0-9]+ box1 01:02:00:00:00:00:77'
    run netwire show "$c1" eth1 --json
    assert_equal "$(jq -r '.[0].dhcp' <<<"$output")" "$client"
    assert_equal "$(jq '.[0].addr_info[0].valid_life_time | . > 100 and . <= 120' <<<"$output")" true
    assert_equal "$(jq -c '.[0].gateway' <<<"$output")" '["10.7.0.1"]'
    run netwire br1 "$c1" "$client" --hostname box1
    assert_output --partial 'nothing to do'
    netwire del "$c1"
    no_clients || fail "$(clients)"
    within 20 released 02:00:00:00:00:77
    assert_same_state "$before"
  done
}

@test "the lease is renewed" {
  container c1 c2 c3
  short_leases 10
  # These two take no lease for shorter than 20 s and 30 s, and renew it then.
  netwire br1 "$c2" dhcpcd
  netwire br1 "$c3" udhcpc
  netwire br1 "$c1" dhclient
  local before
  before=$(for pid in "$c1" "$c2" "$c3"; do in_container "$pid" ip -4 -br addr show dev eth1; done)
  sleep 2
  pkill -USR1 -x udhcpc
  pkill -USR1 -o -x dhcpcd
  sleep 5.5
  assert_equal "$(for pid in "$c1" "$c2" "$c3"; do in_container "$pid" ip -4 -br addr show dev eth1; done)" "$before"
  run in_container "$c1" ip -4 addr show dev eth1
  assert_output --regexp 'valid_lft ([5-9]|10)sec'
  # Asked two seconds after the first one.
  for pid in "$c2" "$c3"; do
    run in_container "$pid" ip -4 addr show dev eth1
    assert_output --regexp 'valid_lft [3-7]sec'
  done
}

@test "a client that was killed is begun again, and another router is taken" {
  container c1
  short_leases 10
  netwire br1 "$c1" dhclient
  local before
  before=$(in_container "$c1" ip -4 -br addr show dev eth1)
  pkill -KILL -x dhclient
  sleep 3
  assert_equal "$(in_container "$c1" ip -4 -br addr show dev eth1)" "$before"
  run clients
  assert_output --partial 'dhclient -d'
  run in_container "$c1" ip route show default
  assert_output --partial 'via 10.7.0.1'
  end_server
  short_leases 10 10.7.0.2
  within 200 eval 'in_container "$c1" ip route show default | grep "via 10.7.0.2"'
  run netwire br1 "$c1" dhclient
  assert_output --partial 'nothing to do'
}

@test "a server that refuses to renew (DHCPNAK): another address is taken" {
  container c1 c2 c3
  uplink "$c1"
  short_leases 10
  netwire br1 "$c2" dhcpcd
  netwire br1 "$c3" dhclient
  netwire br1 "$c1" udhcpc
  end_server
  nsenter --target "$SERVER" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
    --bind-interfaces --interface=eth1 --no-ping --log-dhcp --log-facility=/run/dhcp/log --pid-file= \
    --dhcp-leasefile=/run/dhcp/leases --dhcp-range=10.7.0.100,10.7.0.120,255.255.255.0,120 --dhcp-authoritative \
    --dhcp-option=option:router,10.7.0.1 3>&- &
  listening $!
  pkill -USR1 -x udhcpc
  local pid
  # dhcpcd does not hear what a server broadcasts before it asks by broadcast itself, at seven eighths of 20 s.
  for pid in "$c1" "$c3" "$c2"; do
    within 250 eval 'in_container "$pid" ip -4 -br addr show dev eth1 | grep -E " 10\.7\.0\.1[012][0-9]/24"'
    run in_container "$pid" ip -4 -br addr show dev eth1
    refute_output --regexp '10\.7\.0\.[5-9][0-9]/'
    within 20 eval 'in_container "$pid" ip route show default | grep "via 10.7.0.1 dev eth1"'
  done
  [ "$(grep -c DHCPNAK /run/dhcp/log)" -ge 3 ] || fail "$(cat /run/dhcp/log)"
  run netwire br1 "$c1" udhcpc
  assert_output --partial 'nothing to do'
  netwire del "$c1"
  run in_container "$c1" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
}

@test "the server goes: the address goes when the lease ends, and the default route below takes over" {
  container c1
  short_leases 10
  uplink "$c1"
  netwire br1 "$c1" udhcpc
  end_server
  within 200 eval '! in_container "$c1" ip -4 addr show dev eth1 | grep inet'
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'via 172.17.0.1 dev eth0'
  short_leases 10
  within 200 eval 'in_container "$c1" ip route get 192.0.2.1 | grep "via 10.7.0.1 dev eth1"'
  netwire del "$c1"
  run in_container "$c1" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
}

@test "a container that ends takes its client along within 2 s, and the lease is released" {
  local client
  dhcp_server
  for client in udhcpc dhcpcd dhclient; do
    container c1
    netwire br1 "$c1" "$client" 02:00:00:00:00:78
    run leases
    assert_output --partial '02:00:00:00:00:78'
    kill -KILL "$c1"
    within 20 no_clients
    within 20 released 02:00:00:00:00:78
    within 20 eval '! ip link show type veth | grep "pl$c1"'
  done
}

@test "no lease: what was heard is said, and everything is undone" {
  container c1
  uplink "$c1"
  netwire -q br1 "$c1" 10.7.0.9/24 -i eth5
  local before client
  before=$(state)
  for client in udhcpc dhcpcd dhclient; do
    run netwire br1 "$c1" "$client" --timeout 2
    assert_failure 1
    assert_line 'netwire: eth1: no lease within 2 s: no DHCP server answered; everything was undone'
    no_clients || fail "$(clients)"
    assert_same_state "$before"
  done
  run netwire br1 "$c1" udhcpc:--no-such-option --timeout 3
  assert_failure 1
  assert_output --partial 'eth1: the DHCP client ended: '
  assert_same_state "$before"
  mount --bind /dev/null "$(command -v dhcpcd)"
  run netwire br1 "$c1" dhcpcd
  umount "$(command -v dhcpcd)"
  assert_failure 1
  assert_output --partial 'dhcpcd: it is not installed on the host'
}

@test "signals and kill -9 while a lease is awaited leave nothing" {
  container c1
  local before netwire
  before=$(state)
  for signal in INT:130 TERM:143; do
    node "$NETWIRE_ROOT/bin/netwire" br1 "$c1" udhcpc >/run/out 2>&1 3>&- &
    netwire=$!
    within 50 pgrep -x udhcpc
    # Nothing is locked meanwhile.
    netwire -q br2 "$c1" 10.9.0.1/24 -i eth7
    netwire -q del "$c1" eth7
    run netwire br1 "$c1" udhcpc --timeout 1
    assert_failure 1
    assert_output --partial 'eth1: another netwire waits for a lease on it'
    run netwire gc
    assert_output 'netwire: nothing to do'
    kill "-${signal%:*}" "$netwire"
    status=0
    wait "$netwire" || status=$?
    assert_equal "$status" "${signal#*:}"
    assert_same_state "$before"
  done
  node "$NETWIRE_ROOT/bin/netwire" br1 "$c1" udhcpc >/run/out 2>&1 3>&- &
  netwire=$!
  within 50 pgrep -x udhcpc
  kill -KILL "$netwire"
  within 25 no_clients
  netwire gc
  assert_same_state "$before"
}

@test "a client whose keeper was killed goes with gc once its container is gone" {
  container c1
  dhcp_server
  netwire br1 "$c1" udhcpc
  pkill -KILL -f netwire-dhcp:eth1
  run netwire gc
  assert_output 'netwire: nothing to do'
  run netwire br1 "$c1" udhcpc
  assert_failure 1
  assert_output --partial 'its DHCP client does not run'
  netwire --replace br1 "$c1" udhcpc
  run clients
  assert_equal "$(grep -c 'udhcpc -f' <<<"$output")" 1
  pkill -KILL -f netwire-dhcp:eth1
  kill -KILL "$c1"
  sleep 0.3
  run netwire gc
  assert_success
  assert_line 'a DHCP client for eth1: ended, its interface is gone'
  within 20 no_clients
}

@test "a second one waits for the first one's lease, and then has nothing to do" {
  container c1
  dhcp_network
  node "$NETWIRE_ROOT/bin/netwire" br1 "$c1" udhcpc >/run/out 2>&1 3>&- &
  local first=$!
  within 50 pgrep -x udhcpc
  node "$NETWIRE_ROOT/bin/netwire" br1 "$c1" udhcpc >/run/out2 2>&1 3>&- &
  local second=$!
  sleep 0.5
  dhcp_server
  wait "$first" || fail "$(cat /run/out)"
  wait "$second" || fail "$(cat /run/out2)"
  run cat /run/out2
  assert_output --partial 'nothing to do'
}

@test "two in one container, --once, --dns-file, --default-route keep, and static addresses beside it" {
  container c1
  dhcp_server
  uplink "$c1"
  local before
  before=$(state)
  cp /etc/resolv.conf /run/resolv.conf
  netwire br1 "$c1" udhcpc --dns-file /run/c1.dns --default-route keep
  run cat /run/c1.dns
  assert_line 'nameserver 10.7.0.1'
  assert_line 'search lab.test'
  assert_equal "$(stat -c %a /run/c1.dns)" 644
  cmp /etc/resolv.conf /run/resolv.conf
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'dev eth0'
  netwire br1 "$c1" 10.8.0.1/24,fd08::1/64,dhclient -i eth2
  run in_container "$c1" ip -br addr show dev eth2
  assert_output --regexp '10\.8\.0\.1/24 10\.7\.0\.[0-9]+/24 fd08::1/64'
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'via 10.7.0.1 dev eth2'
  netwire br1 "$c1" udhcpc --once -i eth3
  run clients
  refute_output --partial 'netwire-dhcp:eth3'
  run in_container "$c1" ip -4 addr show dev eth3
  assert_output --partial 'valid_lft forever'
  run netwire br1 "$c1" udhcpc --once -i eth3
  assert_output --partial 'nothing to do'
  # Each is told as the command that makes it.
  run netwire show "$c1" --json
  assert_output --partial 'netwire -i eth2 bridge:br1'
  # From a lease to an address of one's own, and back.
  netwire --replace br1 "$c1" 10.8.0.2/24 -i eth2
  run clients
  refute_output --partial 'netwire-dhcp:eth2'
  netwire --replace br1 "$c1" udhcpc -i eth2
  run clients
  assert_output --partial 'netwire-dhcp:eth2'
  netwire del --all "$c1"
  no_clients || fail "$(clients)"
  assert_same_state "$before"
}

@test "classless routes, and a container that restarts" {
  container c1
  dhcp_server 60 --dhcp-option=121,10.66.0.0/16,10.7.0.3,0.0.0.0/0,10.7.0.4
  local client
  for client in udhcpc dhcpcd dhclient; do
    netwire br1 "$c1" "$client"
    run in_container "$c1" ip route
    assert_line --partial 'default via 10.7.0.4 dev eth1'
    assert_line --partial '10.66.0.0/16 via 10.7.0.3 dev eth1'
    netwire del "$c1"
  done
  local first=$c1
  netwire br1 "$c1" udhcpc
  kill -KILL "$c1"
  container c1
  netwire br1 "$c1" udhcpc
  within 20 eval '! clients | grep "/proc/$first/"'
  run clients
  assert_output --partial "/proc/$c1/ns/net"
}

@test "a failure at any single step around a lease undoes it" {
  container c1
  dhcp_server
  uplink "$c1"
  local before
  before=$(state)
  each_step_fails br1 "$c1" udhcpc,10.8.0.1/24
  [ "$STEPS" -ge 10 ] || fail "only $STEPS steps were tried"
  real_ip
  netwire gc
  # Each lease but the last one was given back.
  run leases
  [ "${#lines[@]}" = 1 ] || fail "$output"
  # The other way: a lease whose interface does not go.
  each_step_fails --replace br2 "$c1" 10.8.0.1/24
  # The last one that was made to fail was one of tidying up, which says nothing.
  real_ip
  netwire gc
  netwire del "$c1"
  no_clients || fail "$(clients)"
  assert_same_state "$before"
}

@test "a lease is released also where the server is slow to answer ARP" {
  local client
  for client in udhcpc dhclient dhcpcd; do
    container c1
    dhcp_server
    netwire br1 "$c1" "$client"
    in_container "$c1" sysctl -qw net.ipv4.neigh.eth1.retrans_time_ms=100 net.ipv4.neigh.eth1.mcast_solicit=20
    in_container "$SERVER" sysctl -qw net.ipv4.conf.eth1.arp_ignore=8
    in_container "$c1" ip neigh flush dev eth1
    (sleep 0.4 && in_container "$SERVER" sysctl -qw net.ipv4.conf.eth1.arp_ignore=0) 3>&- &
    netwire del "$c1"
    within 5 released 10.7.0
    in_container "$SERVER" sysctl -qw net.ipv4.conf.eth1.arp_ignore=0
    end_server
  done
}

@test "the dry run's commands do it in a shell" {
  container c1
  dhcp_server
  netwire --dry-run br1 "$c1" udhcpc >/run/plan
  run cat /run/plan
  assert_output --partial 'netwire-dhcp start eth1'
  sh -e /run/plan
  run in_container "$c1" ip -4 addr show dev eth1
  assert_output --partial 'inet 10.7.0.'
  run netwire br1 "$c1" udhcpc
  assert_output --partial 'nothing to do'
  netwire del "$c1"
  no_clients || fail "$(clients)"
}

@test "a container's process that calls itself a keeper is neither run nor believed" {
  container c1
  dhcp_server
  netwire br1 "$c1" udhcpc
  mkdir -p /run/evil
  printf '#!/bin/sh\nid >/run/evil/was-run\n' >/run/evil/keeper
  chmod -R 777 /run/evil
  # One of another user's, one in a mount namespace of its own; each outlives SIGTERM.
  printf '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 0.2; done\n' >/run/evil/sleeper
  # shellcheck disable=SC2016
  local trick='exec sh /run/evil/sleeper run netwire-dhcp:eth1 /run/evil 0 eth1 /proc/self/ns/net udhcpc x y'
  nsenter --target "$c1" --net setpriv --reuid 65534 --clear-groups sh -c "exec sh /run/evil/sleeper run netwire-dhcp:eth1 /run/evil 0 eth1 x" 3>&- &
  PIDS+=("$!")
  nsenter --target "$c1" --net unshare --mount sh -c "$trick" 3>&- &
  PIDS+=("$!")
  within 20 eval '[ "$(pgrep -fc "sleeper run netwire-dhcp:eth1")" = 2 ]'
  run netwire del --dry-run "$c1"
  refute_output --partial evil
  local begin=$SECONDS
  netwire del "$c1"
  [ $((SECONDS - begin)) -lt 3 ] || fail 'it waited for others'
  [ ! -e /run/evil/was-run ]
  within 20 released 10.7.0
  pgrep -f 'sleeper run' >/dev/null
  # With the sleep of each.
  pkill -KILL -f 'sleeper run'
  sleep 0.4
}

@test "--replace beside a lease: in place where it can, from the beginning where IPv4 is to be another" {
  container c1
  dhcp_server
  uplink "$c1"
  local before
  before=$(state)
  netwire br1 "$c1" 10.8.0.9/24,udhcpc
  local link
  link=$(in_container "$c1" cat /proc/net/dev_mcast | wc -l)
  netwire --replace br1 "$c1" 10.8.0.9/24,udhcpc --mtu 1400
  netwire --replace br1 "$c1" 10.8.0.9/24,fd08::1/64,udhcpc --mtu 1400
  run in_container "$c1" ip -br addr show dev eth1
  assert_output --regexp '10\.8\.0\.9/24 10\.7\.0\.[0-9]+/24 fd08::1/64'
  netwire --replace br1 "$c1" 10.7.0.10/24,udhcpc
  run in_container "$c1" ip -4 -br addr show dev eth1
  assert_output --regexp '10\.7\.0\.10/24 10\.7\.0\.[0-9]+/24'
  netwire --replace br1 "$c1" udhcpc --default-route keep
  run in_container "$c1" ip route show default
  assert_line --index 0 --partial 'dev eth0'
  assert_line --index 1 --partial 'via 10.7.0.1 dev eth1'
  run netwire br1 "$c1" udhcpc --default-route keep --hostname other
  assert_failure 1
  assert_output --partial 'its DHCP client was begun with other words'
  in_container "$c1" ip addr flush dev eth1
  run netwire br1 "$c1" udhcpc --default-route keep
  assert_failure 1
  assert_output --partial 'its DHCP client has no lease at the moment'
  netwire --replace br1 "$c1" udhcpc --default-route keep
  pings "$c1" 10.7.0.1
  netwire del "$c1"
  netwire br1 "$c1" 10.7.0.9/24,udhcpc --once
  netwire del "$c1"
  assert_same_state "$before"
  run netwire br1 "$c1" 10.7.0.9/24@10.7.0.1,udhcpc
  assert_failure 2
}

@test "a lease for ever, routes that are there already, and name servers that cannot be written" {
  container c1 c2
  dhcp_server infinite --dhcp-option=121,10.7.0.0/24,0.0.0.0,172.17.0.0/16,10.7.0.3,10.66.0.0/16,10.7.0.3,0.0.0.0/0,10.7.0.4
  uplink "$c1"
  local before
  before=$(state)
  netwire br1 "$c1" udhcpc
  run in_container "$c1" ip route
  assert_line --partial 'default via 10.7.0.4 dev eth1'
  assert_line --partial '10.66.0.0/16 via 10.7.0.3 dev eth1'
  assert_line --partial '172.17.0.0/16 dev eth0'
  run netwire br1 "$c1" udhcpc
  assert_output --partial 'nothing to do'
  netwire del "$c1"
  assert_same_state "$before"
  run netwire br1 "$c1" udhcpc --dns-file /run/none/dns
  assert_failure 1
  assert_output --partial 'everything was undone'
  assert_same_state "$before"
  no_clients || fail "$(clients)"
}

# An event of a client's, as udhcpc tells it.
event() {
  local what=$1
  shift
  in_container "$c1" env interface=eth1 "$@" "$NETWIRE_ROOT/bin/netwire-dhcp" "$what"
}

@test "what later leases say: another address of the prefix, others' routes, a lease lost and had again" {
  container c1
  dhcp_server
  uplink "$c1"
  netwire br1 "$c1" 10.8.0.9/24,udhcpc
  event renew ip=10.7.0.201 mask=24 router=10.7.0.1 lease=100
  run in_container "$c1" ip -4 -br addr show dev eth1
  assert_output --regexp '10\.8\.0\.9/24 10\.7\.0\.201/24 $'
  event renew ip=10.7.0.201 mask=24 lease=100 staticroutes='172.17.0.0/16 10.7.0.1 0.0.0.0/0 10.7.0.1'
  run in_container "$c1" ip route
  assert_line --partial '172.17.0.0/16 dev eth0'
  assert_line --partial 'default via 10.7.0.1 dev eth1'
  # Lost: the default route below takes over, though the link keeps an address.
  event deconfig
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'dev eth0'
  event bound ip=10.7.0.203 mask=24 router=10.7.0.1 lease=100
  # Another interface's gateway came first meanwhile.
  event deconfig
  netwire br2 "$c1" 10.9.0.1/24@10.9.0.254 -i eth2
  event bound ip=10.7.0.202 mask=24 router=10.7.0.1 lease=100
  run in_container "$c1" ip route get 192.0.2.1
  assert_output --partial 'via 10.9.0.254 dev eth2'
  netwire del --all "$c1"
  run in_container "$c1" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
}

@test "what --route asked for comes back with a lease that was lost" {
  container c1
  dhcp_server
  netwire br1 "$c1" udhcpc --route 10.66.0.0/16@10.7.0.1 --route 10.67.0.0/16 --metric 5
  event deconfig
  run in_container "$c1" ip route
  refute_output --partial eth1
  event bound ip=10.7.0.204 mask=24 router=10.7.0.1 lease=100
  run in_container "$c1" ip route
  assert_line --partial '10.66.0.0/16 via 10.7.0.1 dev eth1 proto 110'
  assert_line --partial '10.67.0.0/16 dev eth1 proto 110'
  assert_line --regexp 'default via 10.7.0.1 dev eth1 proto dhcp metric 5'
  run netwire br1 "$c1" udhcpc --route 10.66.0.0/16@10.7.0.1 --route 10.67.0.0/16 --metric 5
  assert_output --partial 'nothing to do'
}
