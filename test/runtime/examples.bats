# The examples that need Docker, as they stand there, on a host of their own with Docker's default firewall.

load ../e2e/host
load ../e2e/examples
load docker

RUNTIMES_NETNS=nwt-examples

setup() {
  need dockerd docker iptables
  export DOCKER_HOST=unix://$RUNTIMES_DOCKER_SOCK IMAGE=netwire-test:busybox
  installed
  # Root needs none.
  printf '#!/bin/sh\nexec "$@"\n' >/run/installed/sudo
  chmod +x /run/installed/sudo
}

teardown() {
  local names
  names=$(docker ps -aq) || return 0
  # shellcheck disable=SC2086 # one word each
  [ -z "$names" ] || docker rm -f $names >/dev/null
  docker network prune -f >/dev/null
  on_host netwire gc >/dev/null
}

on_host() { nsenter --net=/run/netns/nwt-examples -- "$@"; }
start() { docker run -d --name "$1" "$IMAGE" >/dev/null; }

host_state() {
  on_host ip -o link | sed -E 's/^[0-9]+: ([^ @:]+).*/\1/' | sort
  on_host iptables -S
  on_host ip route show table all | sed 's/ linkdown//; /fe80:\|ff00:/d' | sort
}

# The workflow's steps that run something, a file each.
steps() {
  awk -v dir="$2" '
    /^      - / { step++ }
    /^        run: \|/ { inside = 1; next }
    inside && /^          / { print substr($0, 11) > sprintf("%s/%02d", dir, step); next }
    { inside = 0 }' "$1"
}

@test "ci.yml: each step does what it says, and nothing is left" {
  before=$(host_state)
  mkdir "$BATS_TEST_TMPDIR/steps"
  steps "$EXAMPLES/ci.yml" "$BATS_TEST_TMPDIR/steps"
  count=0
  for step in "$BATS_TEST_TMPDIR"/steps/*; do
    # Installed it is already, from here and not from a registry.
    ! grep -q 'npm install' "$step" || continue
    # As GitHub runs them.
    run on_host bash -e "$step" </dev/null
    assert_success
    ! grep -q wget "$step" || assert_line hello
    count=$((count + 1))
  done
  assert_equal "$count" 5
  assert_equal "$(docker ps -aq)" ''
  assert_equal "$(host_state)" "$before"
}

@test "compose/lab: services get the interfaces of their labels, again is nothing, and down takes all back" {
  need docker-compose
  before=$(host_state)
  run on_host "$EXAMPLES/compose/lab" up
  assert_success
  assert_line --regexp '^docker:compose_web_1 eth1: 10.9.0.1/24 on br1$'
  assert_line --regexp '^docker:compose_web_1 mgmt0: 10.10.0.1/24 on mgmt$'
  assert_line --regexp '^docker:compose_db_1 eth1: 10.9.0.2/24 on br1$'
  run docker exec compose_web_1 ping -c 1 -W 2 10.9.0.2
  assert_success
  # Names are Compose's own still.
  run docker exec compose_web_1 ping -c 1 -W 2 cron
  assert_success
  run on_host "$EXAMPLES/compose/lab" up
  assert_success
  assert_equal "$(grep -c 'nothing to do' <<<"$output")" 3
  run on_host "$EXAMPLES/compose/lab" down
  assert_success
  assert_equal "$(docker ps -aq)" ''
  assert_equal "$(host_state)" "$before"
}

@test "two-tier, on Docker's containers" {
  start web
  start router
  start db
  before=$(host_state; docker exec web ip route; docker exec db ip route; docker exec router sysctl net.ipv4.ip_forward)
  run on_host "$EXAMPLES/two-tier" web router db </dev/null
  assert_success
  assert_line --partial '1 packets transmitted, 1 received'
  assert_line --regexp '^docker:router +front0 .* 10.1.0.1/24'
  assert_equal "$(host_state; docker exec web ip route; docker exec db ip route; docker exec router sysctl net.ipv4.ip_forward)" "$before"
}

@test "from-pipework, on Docker's containers: what the new script takes back the old one leaves" {
  start web
  start db
  route=$(docker exec web ip route)
  run on_host "$EXAMPLES/from-pipework/after" </dev/null
  assert_success
  assert_equal "$(docker exec web ip route)" "$route"
  PIPEWORK=netwire run on_host "$EXAMPLES/from-pipework/before" </dev/null
  assert_success
  [ "$(docker exec web ip route)" != "$route" ]
  on_host netwire gc
  assert_equal "$(docker exec web ip route)" "$route"
}
