# The examples, as they stand there. Those that need drivers are in kernel, those that need Docker in runtime.

load host
load lan
load ovs
load examples

@test "two-tier: the router carries packets between the bridges, and nothing is left" {
  need ping
  installed
  before=$(state)
  example two-tier
  assert_success
  assert_line --partial '1 packets transmitted, 1 received'
  assert_line 'default via 10.1.0.1 dev front0 '
  assert_same_state "$before"
}

@test "two-tier: containers that are there are used, and are as they were" {
  need ping
  installed
  container WEB ROUTER DB
  uplink "$WEB"
  in_container "$WEB" ip link set lo up
  before=$(state)
  example two-tier "$WEB" "$ROUTER" "$DB"
  assert_success
  assert_line --partial '1 packets transmitted, 1 received'
  assert_same_state "$before"
}

@test "two-tier: what fails in the middle leaves nothing" {
  need ping
  installed
  container WEB ROUTER DB
  # Somebody else's link of the name that the lab wants.
  in_container "$DB" ip link add back0 type veth peer name other
  before=$(state)
  example two-tier "$WEB" "$ROUTER" "$DB"
  assert_failure
  assert_line --partial 'back0'
  assert_same_state "$before"
}

@test "macvlan-host: the host reaches the container by its own child, and the LAN as before" {
  need ping
  installed
  lan
  ip addr add 10.1.0.9/24 dev nic0
  before=$(state)
  run "$EXAMPLES/macvlan-host"
  assert_failure 2
  assert_output 'examples/macvlan-host NIC ADDRESS/LENGTH[@GATEWAY] HOST_ADDRESS [CONTAINER]
examples/macvlan-host eth0 192.168.1.234/24@192.168.1.1 192.168.1.250 c1'
  example macvlan-host nic0 10.1.0.234/24@10.1.0.100 10.1.0.250
  assert_success
  assert_line --partial '1 packets transmitted, 1 received'
  assert_line --regexp '^netns:c1 +lan0 +macvlan +nic0'
  assert_same_state "$before"
  ping -c 1 -W 2 10.1.0.100
}

@test "ovs-tenants: the same address is another neighbour for each tenant" {
  need ping
  installed
  open_vswitch
  before=$(state)
  example ovs-tenants netdev
  assert_success
  assert_equal "$(grep -c '1 packets transmitted, 1 received' <<<"$output")" 2
  macs=$(sed -nE 's/^10\.0\.0\.2 .*lladdr ([^ ]+).*/\1/p' <<<"$output")
  assert_equal "$(sort -u <<<"$macs" | wc -l)" 2
  # Each is the neighbour that the listing has.
  for mac in $macs; do assert_line --regexp "^netns:(red|blue)2 .* $mac "; done
  assert_same_state "$before"
}

@test "three-routers.mjs: a link goes, and packets take the long way" {
  need ping
  installed
  before=$(state)
  run node "$EXAMPLES/three-routers.mjs"
  assert_success
  assert_line 'r1 to-r3: on net13, routes 10.255.0.0/24@10.13.0.3 10.255.0.3@10.13.0.3'
  assert_line 'r1 reaches r3 in 1 hop'
  assert_line 'r1 reaches r3 in 2 hops'
  assert_line '2 interfaces on net12'
  assert_same_state "$before"
}

@test "demo.mjs: two containers talk, and the bridge goes with its last port" {
  need ping
  before=$(state)
  run node "$NETWIRE_ROOT/examples/demo.mjs"
  assert_success
  assert_line --partial '2 packets transmitted, 2 received'
  assert_line --partial 'nothing is left'
  assert_same_state "$before"
}

@test "a namespace of such a name that is there already is somebody else's: nothing is done to it" {
  local lab
  installed
  for lab in two-tier ovs-tenants three-routers.mjs; do
    ip netns add db
    ip netns add r2
    ip netns add blue1
    before=$(state)
    if [ "$lab" = three-routers.mjs ]; then run node "$EXAMPLES/$lab"; else example "$lab"; fi
    assert_failure
    assert_line --partial 'File exists'
    assert_same_state "$before"
    ip -all netns del
  done
}

@test "three-routers.mjs: Ctrl-C leaves nothing" {
  installed
  before=$(state)
  node "$EXAMPLES/three-routers.mjs" >/run/routers 2>&1 3>&- &
  lab=$!
  until grep -q 'to-r3' /run/routers; do sleep 0.02; done
  kill -INT "$lab"
  status=0
  wait "$lab" || status=$?
  assert_equal "$status" 1
  run cat /run/routers
  assert_output --partial interrupted
  assert_same_state "$before"
}

@test "from-pipework: the old script runs by netwire as it is, and the new one does the same" {
  need ping
  installed
  ip netns add web
  ip netns add db
  ip -n web link add up0 type veth peer name up1
  ip -n web addr add 172.17.0.2/16 dev up0
  ip -n web link set up0 up
  ip -n web route add default via 172.17.0.1
  routes() { ip -n web route && ip -n db route; }
  before=$(state; routes)
  for script in before after; do
    PIPEWORK=netwire example "from-pipework/$script"
    assert_success
    assert_equal "$(grep -c '1 packets transmitted, 1 received' <<<"$output")" 2
    # The old script brings the old default route back neither here nor with pipework.
    [ "$script" = after ] || netwire gc
    assert_equal "$(state; routes)" "$before"
  done
}

@test "each example says what it needs and how it is run, and the README's table has it" {
  local file
  cd "$NETWIRE_ROOT"
  for file in $(find examples -type f ! -name wait-for-link ! -name demo.mjs ! -name compose.yml | sort); do
    run head -n 16 "$file"
    assert_output --partial 'Needs '
    assert_output --regexp 'sudo|\.github/workflows'
    run grep -cF "($file)" README.md
    assert_output 1
  done
}
