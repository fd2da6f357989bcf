load host

# mistake STATUS LINE ARGUMENT...: fails with this status and these lines, and changes nothing
mistake() {
  local expected=$1 message=$2 before
  shift 2
  before=$(state)
  run netwire "$@"
  assert_failure "$expected"
  assert_output "$message"
  assert_same_state "$before"
}

@test "unknown container" {
  ip netns add web1
  mistake 3 'netwire: container web2: no such container
try: did you mean web1?' br1 web2 10.0.0.1/24
  mistake 3 'netwire: pid:999999: no such process, or it has ended' br1 999999 10.0.0.1/24
  mistake 3 'netwire: namespace /run/netns/nope: no such file' br1 /run/netns/nope 10.0.0.1/24
  touch /run/file
  mistake 3 'netwire: netns:/run/file: not a network namespace' br1 /run/file 10.0.0.1/24
}

@test "a process in the host's own namespace" {
  mistake 3 "netwire: pid:$$: it shares the host's network namespace; an interface there would be the host's" br1 $$ 10.0.0.1/24
}

@test "a zombie" {
  container A
  # Its parent never waits for it.
  bash -c 'sleep 0.01 & exec sleep 1000' 3>&- &
  parent=$!
  PIDS+=("$parent")
  until child=$(children "$parent") && grep -q '^State:.Z' "/proc/${child% }/status"; do sleep 0.01; done
  child=${child% }
  mistake 3 "netwire: pid:$child: no such process, or it has ended" br1 "$child" 10.0.0.1/24
}

@test "address without length" {
  container A
  mistake 2 'netwire: address "192.168.1.1": the prefix length is missing
try: did you mean 192.168.1.1/24?' br1 "$A" 192.168.1.1
}

@test "name taken inside" {
  container A
  uplink "$A"
  mistake 1 "netwire: eth0: pid:$A has an interface of that name, which netwire did not make
try: -i NAME" br1 "$A" 10.0.0.1/24 -i eth0
}

@test "name taken outside" {
  container A
  ip link add other type bridge
  mistake 1 'netwire: other: the host has a link of that name already
try: -l NAME' br1 "$A" 10.0.0.1/24 -l other
}

@test "bad MAC" {
  container A
  mistake 2 'netwire: MAC "03:00:00:00:00:01": a multicast address (the first byte is odd) cannot be a link'"'"'s own
try: 02:00:00:00:00:01' br1 "$A" 10.0.0.1/24 03:00:00:00:00:01
}

@test "a bridge name that is a NIC's" {
  container A
  ip link add nic0 type veth peer name nic1
  mistake 1 'netwire: parent nic0: not a bridge, but of kind veth
try: netwire nic0 ...' bridge:nic0 "$A" 10.0.0.1/24
  mistake 1 'netwire: parent lo: the loopback can have no children and cannot be moved' lo "$A" 10.0.0.1/24
}

@test "no such parent" {
  container A
  mistake 1 'netwire: parent lan: no such link
try: bridge:lan makes a bridge of that name' lan "$A" 10.0.0.1/24
}

@test "no permission, with the sudo line to try" {
  need setpriv
  container A
  before=$(state)
  run setpriv --bounding-set -net_admin --inh-caps -all -- node "$NETWIRE_ROOT/bin/netwire" br1 "$A" '10.0.0.1/24' -i 'a b'
  assert_failure 2
  run setpriv --bounding-set -net_admin --inh-caps -all -- node "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24 'U:a b'
  assert_failure 4
  assert_output "netwire: not permitted: this needs CAP_NET_ADMIN and CAP_SYS_ADMIN
try: sudo netwire br1 $A 10.0.0.1/24 'U:a b'"
  assert_same_state "$before"
}

@test "Docker not answering: nobody listens, or nobody replies" {
  container A
  mkdir -p /run/d
  node -e 'require("net").createServer(() => {}).listen("/run/d/hangs")' 3>&- &
  PIDS+=("$!")
  node -e 'require("net").createServer().listen("/run/d/dead", () => process.kill(process.pid, 9))' 3>&- || :
  until [ -S /run/d/hangs ] && [ -S /run/d/dead ]; do sleep 0.02; done
  export DOCKER_HOST=unix:///run/d/dead
  mistake 1 'netwire: docker: the engine at /run/d/dead does not answer: connection refused
try: systemctl status docker' br1 c1 10.0.0.1/24
  export DOCKER_HOST=unix:///run/d/hangs
  mistake 1 'netwire: docker: the engine at /run/d/hangs does not answer: no answer within 0.3 s
try: systemctl status docker' br1 c1 10.0.0.1/24 --timeout 0.3
  export DOCKER_HOST=tcp://10.0.0.1:2375
  mistake 1 'netwire: docker: DOCKER_HOST is tcp://10.0.0.1:2375: only unix:// will do, a container elsewhere has no namespace on this machine
try: run netwire there, or unset DOCKER_HOST' br1 c1 10.0.0.1/24
  # A PID needs no Docker.
  run netwire br1 "pid:$A" 10.0.0.1/24
  assert_success
}

@test "a daemon that is off stands in nobody's way" {
  container A
  ip netns add blue
  export DOCKER_HOST=unix:///run/nobody
  netwire br1 "$A" 10.0.0.1/24
  netwire br1 blue 10.0.0.2/24
}

@test "words that are missing, too many, or unknown" {
  mistake 2 'netwire: add: ADDRESS is missing
try: netwire br1 c1 192.168.1.1/24' br1 c1
  mistake 2 'netwire: --ifnam: unknown option
try: --ifname' br1 c1 0/0 --ifnam x
  mistake 2 'netwire: shwo: no such verb, and too few words for an attachment
try: did you mean netwire show?' shwo c1
  mistake 2 'netwire: watch: this verb is not in this release
try: netwire help' watch
  mistake 2 'netwire: parent "vxlan:eth0": unknown kind "vxlan"; the kinds are bridge, ovs, macvlan, ipvlan, ipoib, phys, veth' vxlan:eth0 c1 0/0
}

@test "netwire alone shows the help on stderr and is an error; --help is none" {
  run --separate-stderr netwire
  assert_failure 2
  assert_equal "$output" ''
  assert_equal "${stderr_lines[1]}" 'Examples:'
  run --separate-stderr netwire --help
  assert_success
  assert_line 'Examples:'
  assert_equal "$stderr" ''
  run netwire del --help
  assert_success
  assert_line --partial 'netwire del [OPTION]... CONTAINER [IFNAME]'
  run netwire --version
  assert_output --regexp '^netwire [0-9]+\.[0-9]+\.[0-9]+$'
}
