# Against a real Docker daemon with its default settings, on a host of its own: its firewall sets
# FORWARD to DROP there, and touches nothing else.

load ../e2e/host
load docker

DOCKER_NETNS=nwt-docker
RUNTIMES_NETNS=$DOCKER_NETNS

setup() {
  need dockerd docker iptables
  export DOCKER_HOST=unix://$RUNTIMES_DOCKER_SOCK
}

teardown() {
  local names
  export DOCKER_HOST=unix://$RUNTIMES_DOCKER_SOCK
  names=$(docker ps -aq) || return 0
  # shellcheck disable=SC2086 # one word each
  [ -z "$names" ] || docker rm -f $names >/dev/null
  on_host ip link del br1 2>/dev/null || :
  on_host iptables -D DOCKER-USER -i br1 -o br1 -m comment --comment netwire -j ACCEPT 2>/dev/null || :
}

on_host() { nsenter "--net=/run/netns/$DOCKER_NETNS" -- "$@"; }
netwire() { on_host node "$NETWIRE_ROOT/bin/netwire" "$@"; }
start() { docker run -d --name "$1" "${@:2}" netwire-test:busybox >/dev/null; }
pid_of() { docker inspect --format '{{.State.Pid}}' "$1"; }

host_state() {
  on_host ip -o link | sed -E 's/^[0-9]+: ([^ @:]+).*/\1/' | sort
  on_host iptables -S
  on_host ip route show table all | sed 's/ linkdown//; /fe80:\|ff00:/d' | sort
}

@test "the first example of the README: a bridge, two containers, a ping, show, and nothing left after del" {
  before=$(host_state)
  run on_host iptables -S FORWARD
  assert_line '-P FORWARD DROP'
  start c1
  start c2
  with_containers=$(host_state)
  run netwire br1 c1 192.168.1.1/24
  assert_success
  assert_output 'bridge br1: made
docker:c1 eth1: 192.168.1.1/24 on br1'
  run netwire br1 c2 192.168.1.2/24
  assert_success
  docker exec c1 ping -c 1 -W 2 192.168.1.2
  docker exec c2 ping -c 1 -W 2 192.168.1.1
  run netwire show
  assert_line --regexp '^docker:c1 +eth0 +veth +docker0 .* -$'
  assert_line --regexp '^docker:c1 +eth1 +veth +br1 .* netwire$'
  assert_line --regexp '^docker:c2 +eth1 +veth +br1 .* netwire$'
  run on_host iptables -S DOCKER-USER
  assert_line '-A DOCKER-USER -i br1 -o br1 -m comment --comment netwire -j ACCEPT'
  netwire del c1
  netwire del c2
  assert_equal "$(host_state)" "$with_containers"
  docker rm -f c1 c2 >/dev/null
  assert_equal "$(host_state)" "$before"
}

@test "without the accept rule the same containers do not reach each other" {
  start c1
  start c2
  netwire --no-firewall br1 c1 192.168.1.1/24
  netwire --no-firewall br1 c2 192.168.1.2/24
  run docker exec c1 ping -c 1 -W 1 192.168.1.2
  assert_failure
}

@test "a container by name, full ID, short ID, and with the runtime's prefix" {
  start c1
  id=$(docker inspect --format '{{.Id}}' c1)
  for name in c1 "$id" "${id:0:12}" docker:c1 "docker:${id:0:12}" "pid:$(pid_of c1)"; do
    run netwire br1 "$name" 192.168.1.1/24
    assert_success
    netwire del "$name"
  done
}

@test "the default route of Docker's network stays below ours and comes back" {
  start c1
  routes=$(docker exec c1 ip route)
  netwire br1 c1 192.168.1.1/24@192.168.1.254
  run docker exec c1 ip route
  assert_line --index 0 --partial 'default via 192.168.1.254 dev eth1'
  netwire del c1
  assert_equal "$(docker exec c1 ip route)" "$routes"
}

@test "IPv6 where Docker switched it off in the container" {
  start c1
  start c2
  run docker exec c1 cat /proc/sys/net/ipv6/conf/all/disable_ipv6
  assert_output 1
  netwire br1 c1 fd00::1/64
  netwire br1 c2 fd00::2/64
  docker exec c1 ping -6 -c 1 -W 2 fd00::2
  run docker exec c1 cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6
  assert_output 1
}

@test "a container without any network gets one" {
  start c1 --network none
  start c2 --network none
  netwire br1 c1 192.168.1.1/24
  netwire br1 c2 192.168.1.2/24
  docker exec c1 ping -c 1 -W 2 192.168.1.2
}

@test "a container in another's namespace is that namespace" {
  start c1
  start c2 --network container:c1
  netwire br1 c2 192.168.1.1/24
  run docker exec c1 ip -4 addr show eth1
  assert_output --partial 192.168.1.1/24
}

@test "unknown, stopped, created, and in the host's namespace" {
  start c1
  start h1 --network host
  docker create --name new netwire-test:busybox >/dev/null
  before=$(host_state)
  run netwire br1 c11 192.168.1.1/24
  assert_failure 3
  assert_output 'netwire: container c11: no such container
try: did you mean c1?'
  run netwire br1 h1 192.168.1.1/24
  assert_failure 3
  assert_output --partial "docker:h1: it shares the host's network namespace"
  run netwire --timeout 0.3 br1 new 192.168.1.1/24
  assert_failure 3
  assert_output 'netwire: docker:new: not running (created)
try: docker start new'
  docker stop -t 0 c1 >/dev/null
  run netwire br1 c1 192.168.1.1/24
  assert_failure 3
  assert_output 'netwire: docker:c1: not running (exited)
try: docker start c1'
  docker start c1 >/dev/null
  assert_equal "$(host_state | grep -v veth)" "$(grep -v veth <<<"$before")"
}

@test "a container that is just starting is waited for" {
  docker create --name c1 netwire-test:busybox >/dev/null
  (sleep 0.7; docker start c1 >/dev/null) 3>&- &
  run netwire br1 c1 192.168.1.1/24
  assert_success
  wait
}

@test "a letter or three are no ID, though the engine takes them for one" {
  start c1
  id=$(docker inspect --format '{{.Id}}' c1)
  for short in "${id:0:1}" "${id:0:2}" "${id:0:3}"; do
    run netwire --timeout 0.5 br1 "docker:$short" 192.168.1.1/24
    assert_failure 3
    assert_line --partial "container $short: no such container"
  done
}

@test "Docker's context says where its socket is; DOCKER_HOST has the last word" {
  start c1
  export DOCKER_CONFIG=$BATS_TEST_TMPDIR
  docker context create here --docker "host=$DOCKER_HOST" >/dev/null
  docker context create away --docker host=ssh://user@10.0.0.1 >/dev/null
  context=$DOCKER_HOST
  unset DOCKER_HOST
  run netwire br1 c1 192.168.1.1/24
  assert_failure 3
  DOCKER_CONTEXT=here netwire br1 c1 192.168.1.1/24
  echo '{"currentContext": "away"}' >"$DOCKER_CONFIG/config.json"
  run netwire br1 c1 192.168.1.1/24
  assert_failure 1
  assert_line --partial 'its context away is ssh://user@10.0.0.1: only unix:// will do'
  DOCKER_CONTEXT=gone run netwire br1 c1 192.168.1.1/24
  assert_failure 1
  assert_output 'netwire: docker: its context gone is not there
try: docker context ls'
  DOCKER_HOST=$context run netwire del c1
  assert_output --partial 'docker:c1 eth1: taken back'
}

@test "what containerd knows of Docker's containers is the same container" {
  start c1
  id=$(docker inspect --format '{{.Id}}' c1)
  export CONTAINERD_ADDRESS=$RUNTIMES_STATE/docker-run/containerd/containerd.sock
  run netwire show "containerd:moby/$id"
  assert_line --regexp "^containerd:moby/$id +eth0 "
  run netwire show "$id"
  assert_line --regexp '^docker:c1 +eth0 '
  run netwire show
  refute_output --partial containerd:
}

@test "a name that Docker and ip netns both know is refused, with the prefixed forms" {
  start c1
  ip netns add c1
  run netwire br1 c1 192.168.1.1/24
  ip netns del c1
  assert_failure 3
  assert_line 'netwire: container c1: there are several: docker:c1, netns:c1'
}

@test "a restarted container has lost its link; the same command makes it again" {
  start c1
  netwire br1 c1 192.168.1.1/24
  docker restart -t 0 c1 >/dev/null
  run netwire br1 c1 192.168.1.1/24
  assert_success
  refute_output --partial 'nothing to do'
  run netwire del c1
  assert_line 'bridge br1: removed, its last port is gone'
}

@test "an accept rule that outlived its bridge is taken over by the next one, and goes with it" {
  start c1
  netwire br1 c1 192.168.1.1/24
  on_host ip link del br1
  netwire del c1
  netwire br1 c1 192.168.1.1/24
  run on_host iptables -S DOCKER-USER
  assert_equal "$(grep -c netwire <<<"$output")" 1
  netwire del c1
  run on_host iptables -S DOCKER-USER
  refute_output --partial netwire
}

@test "a container that is gone: del succeeds, and takes the empty bridge" {
  start c1
  netwire br1 c1 192.168.1.1/24
  docker rm -f c1 >/dev/null
  run netwire del c1
  assert_success
  assert_line 'bridge br1: removed, its last port is gone'
  run on_host iptables -S DOCKER-USER
  refute_output --partial br1
}

@test "Docker's own bridge can be the parent" {
  start c1
  start c2 --network none
  run netwire docker0 c2 172.17.0.99/16
  assert_success
  refute_output --partial firewall
  docker exec c2 ping -c 1 -W 2 "$(docker inspect --format '{{.NetworkSettings.IPAddress}}' c1)"
}

# What is another each time: MACs, PIDs, inodes, Docker's own names, how wide a column is, how long a packet took.
settled_text() {
  sed -E 's/([0-9a-f]{2}:){5}[0-9a-f]{2}/MAC/g; s/veth1pl[0-9]+/veth1plPID/g; s,/proc/[0-9]+/,/proc/PID/,g
    s/netns=[0-9]+/netns=INODE/; s/veth[0-9a-f]{7}/vethID/g; s/time=[0-9.]+/time=T/; s/ +/ /g'
}

# The README's terminals, each command with what it prints now.
terminals() {
  local line words
  while IFS= read -r line; do
    case $line in
      '    $ sudo netwire '*)
        echo "$line"
        eval "words=(${line#*netwire })"
        netwire "${words[@]}" 2>&1 | sed 's/^/    /'
        ;;
      '    $ netwire '*)
        echo "$line"
        eval "words=(${line#*netwire })"
        on_host setpriv --reuid 65534 --clear-groups node "$NETWIRE_ROOT/bin/netwire" "${words[@]}" 2>&1 | sed 's/^/    /'
        ;;
      '    $ docker exec '*)
        echo "$line"
        eval "${line#*\$ }" | grep '^64 bytes' | sed 's/^/    /'
        ;;
    esac
  done
}

@test "the README's terminals show just what is printed" {
  need setpriv
  start c1
  start c2
  sed -n '/^## What a command becomes/,/^## In scripts/{/^    /p}' "$NETWIRE_ROOT/README.md" >"$BATS_TEST_TMPDIR/readme"
  terminals <"$BATS_TEST_TMPDIR/readme" 2>&1 | settled_text >"$BATS_TEST_TMPDIR/now"
  [ "$(grep -c '^ \$ ' "$BATS_TEST_TMPDIR/now")" = 9 ]
  diff <(settled_text <"$BATS_TEST_TMPDIR/readme") "$BATS_TEST_TMPDIR/now"
  run netwire del c2
  assert_success
}

@test "TAB offers the names of those that run" {
  load ../e2e/completion
  completion_scripts
  start web
  start ended
  docker kill ended >/dev/null
  # With a link of the old kind it has two names.
  start linked --link web:db
  assert_offers bash 'netwire br1 docker:' docker:linked docker:web
}
