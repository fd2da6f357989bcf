# What users get wrong: mistakes.txt beside this file has most of it, as on a terminal.

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

# The machine of mistakes.txt: c1 has an uplink, c2 an interface on br9, c3 two of them; eth0 is a NIC,
# lan somebody else's bridge with the port port0; some batches are in /run.
machine_of_mistakes() {
  ip netns add c1
  ip netns add c2
  ip netns add c3
  ip -n c1 link add up0 type veth peer name up1
  ip -n c1 addr add 172.17.0.2/16 dev up0
  ip -n c1 link set up0 up
  ip link add eth0 type veth peer name eth0peer
  ip link add lan type bridge
  ip link add port0 master lan type veth peer name port0peer
  netwire -q br9 c2 10.9.0.2/24
  netwire -q br9 c3 10.9.0.3/24
  netwire -q br9 c3 0/0 -i eth2
  printf 'br9 c1\nbr9 c1 0/0 -i\n' >/run/words
  printf 'br9 c1 0/0\nshow c1\n' >/run/verb
  printf 'br9 c1 0/0 --dry-run\n' >/run/option
  printf 'br9 c1 0/0\nbr9 c11 0/0\n' >/run/state
  printf 'br9 "c1 0/0\n' >/run/quote
}

# transcript FILE: the commands of a transcript with the lines and statuses they have now
transcript() {
  local line words
  while IFS= read -r line; do
    case $line in
      '$ netwire '*)
        eval "words=(${line#\$ netwire })"
        echo "$line"
        timeout 20 node "$NETWIRE_ROOT/bin/netwire" "${words[@]}" 2>&1 </dev/null && echo '[0]' || echo "[$?]"
        ;;
      '#'* | '') echo "$line" ;;
    esac
  done <"$1"
}

@test "more than 180 mistakes get just the lines that mistakes.txt has, and change nothing" {
  local file=$NETWIRE_ROOT/test/e2e/mistakes.txt before
  machine_of_mistakes
  before=$(state)
  transcript "$file" >"$BATS_TEST_TMPDIR/now"
  diff -u "$file" "$BATS_TEST_TMPDIR/now"
  assert_same_state "$before"
}

@test "whoever gets something wrong is told what to try, in at most one line more" {
  # By paragraphs: a section's name, then its mistakes, the last section's told by their words alone.
  run awk '
    /^#/ { section = $0; next }
    /^\$/ { command = $0; tries = 0; said = 0; next }
    /^netwire: / { said++ }
    /^try: / { tries++ }
    /^\[/ {
      count++
      if ($0 == "[0]") print "no mistake: " command
      if (said != 1 && command !~ /run.words/) print said " lines: " command
      if (tries != (section == "# Told by the words themselves" ? 0 : 1)) print tries " to try: " command
      next
    }
    END { if (count < 180) print count " mistakes" }' "$NETWIRE_ROOT/test/e2e/mistakes.txt"
  assert_output ''
}

@test "no namespace, though a file" {
  touch /run/file
  mistake 3 'netwire: netns:/run/file: not a network namespace
try: netwire show' br1 /run/file 10.0.0.1/24
}

@test "a process in the host's own namespace" {
  mistake 3 "netwire: pid:$$: it shares the host's network namespace; an interface there would be the host's
try: host as CONTAINER, if that is meant" br1 $$ 10.0.0.1/24
}

@test "a zombie" {
  container A
  # Its parent never waits for it.
  bash -c 'sleep 0.01 & exec sleep 1000' 3>&- &
  parent=$!
  PIDS+=("$parent")
  until child=$(children "$parent") && grep -q '^State:.Z' "/proc/${child% }/status"; do sleep 0.01; done
  child=${child% }
  mistake 3 "netwire: pid:$child: no such process, or it has ended
try: netwire show" br1 "$child" 10.0.0.1/24
}

@test "a kernel without a kind's driver is named, with the module to load" {
  container A
  ip link add nic0 type veth peer name nic1
  ip link set nic0 up
  ip link set nic1 up
  if ! ip link add probe type ipvlan 2>&1 | grep -q 'Unknown device type'; then
    netwire ipvlan:nic0 "$A" 0/0
    return
  fi
  mistake 1 'netwire: this kernel has no links of type ipvlan; everything was undone
try: modprobe ipvlan' ipvlan:nic0 "$A" 0/0
}

@test "no permission, with the sudo line to try; root in a container is told where" {
  need setpriv
  container A
  before=$(state)
  unprivileged() { setpriv --bounding-set -net_admin --inh-caps -all "${AS[@]}" -- node "$NETWIRE_ROOT/bin/netwire" "$@"; }
  AS=()
  run unprivileged br1 "$A" '10.0.0.1/24' -i 'a b'
  assert_failure 2
  run unprivileged br1 "$A" 10.0.0.1/24 'U:a b'
  assert_failure 4
  assert_output "netwire: not permitted: this needs CAP_NET_ADMIN and CAP_SYS_ADMIN
try: on the host itself, not in a container"
  # There may be no other user here than root.
  AS=(--reuid 65534)
  if setpriv --reuid 65534 node "$NETWIRE_ROOT/bin/netwire" --version >/dev/null 2>&1; then
    run unprivileged br1 "$A" 10.0.0.1/24 'U:a b'
    assert_failure 4
    assert_output "netwire: not permitted: this needs CAP_NET_ADMIN and CAP_SYS_ADMIN
try: sudo netwire br1 $A 10.0.0.1/24 'U:a b'"
  fi
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
