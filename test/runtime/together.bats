# What must be true whatever the runtime: a container that is replaced while netwire is at work, a runtime that
# hangs, several that know the same, processes that are no containers.

load machine

setup_file() {
  command -v runc >/dev/null && command -v jq >/dev/null || return 0
  bundle "$BATS_FILE_TMPDIR/bundle"
}

setup() {
  PIDS=()
  need runc jq flock
  BUNDLE=$BATS_FILE_TMPDIR/bundle
}

teardown() {
  local pid
  runc delete -f web 2>/dev/null || :
  for pid in "${PIDS[@]}"; do kill -9 "$pid" 2>/dev/null || :; done
  ip -all netns del
  ip link del br1 2>/dev/null || :
}

start() { runc run -d -b "$BUNDLE" web </dev/null >/dev/null 2>&1 3>&-; }
pid_of() { runc state web | jq .pid; }

# held COMMAND...: starts netwire, which has found its container and waits for the lock; runs the command then
held() {
  local container=$1 pid
  shift
  exec 9>/run/netwire.lock
  flock 9
  node "$NETWIRE_ROOT/bin/netwire" br1 "$container" 10.9.0.1/24 >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- 9>&- &
  pid=$!
  # It holds two descriptors then: of the process, and of its namespace.
  until_true holds_namespace "$pid"
  "$@"
  exec 9>&-
  wait "$pid" && status=0 || status=$?
}
holds_namespace() { readlink /proc/"$1"/fd/* | grep '^net:'; }

replace() {
  runc delete -f web
  start
}

@test "a container that is killed and made again meanwhile gets nothing, under whatever PID" {
  start
  held web replace
  assert_equal "$status" 3
  run cat "$BATS_TEST_TMPDIR/said"
  assert_output 'netwire: runc:web: the container ended meanwhile'
  run netwire exec web -- ip -o link show
  refute_output --partial eth1
  run ip link show br1
  assert_failure
}

# Gives the PID of a process that ends to another container, which the kernel does of itself much later.
reuse() {
  local old=$1
  kill -9 "$old"
  until_true test ! -e "/proc/$old"
  echo $((old - 1)) >/proc/sys/kernel/ns_last_pid
  unshare --net sleep 1000 3>&- 9>&- &
  REUSED=$!
  disown
  PIDS+=("$REUSED")
}

@test "a PID that is another process's meanwhile: its namespace is not touched" {
  container first
  held "pid:$first" reuse "$first"
  assert_equal "$REUSED" "$first"
  assert_equal "$status" 3
  run cat "$BATS_TEST_TMPDIR/said"
  assert_output "netwire: pid:$first: the container ended meanwhile"
  run in_container "$REUSED" ip -o link show
  refute_output --partial eth1
}

@test "no process, one that has ended, the kernel's, the host's" {
  run netwire br1 0 0/0
  assert_failure 3
  assert_output 'netwire: container 0: no such container
try: netwire show'
  run netwire br1 pid:0 0/0
  assert_failure 2
  assert_refused pid:999999 'netwire: pid:999999: no such process, or it has ended' 'try: netwire show'
  assert_refused "$$" "netwire: pid:$$: it shares the host's network namespace; an interface there would be the host's" 'try: host as CONTAINER, if that is meant'
  # It ends when its parent has become a program that never asks how.
  sh -c 'unshare --net sleep 0.3 & echo $! >"$1"; exec sleep 1000' sh "$BATS_TEST_TMPDIR/zombie" 3>&- &
  PIDS+=($!)
  disown
  until_true test -s "$BATS_TEST_TMPDIR/zombie"
  zombie=$(cat "$BATS_TEST_TMPDIR/zombie")
  until_true grep -q '^State:.Z' "/proc/$zombie/status"
  assert_refused "$zombie" "netwire: pid:$zombie: no such process, or it has ended" 'try: netwire show'
}

@test "a process in a user namespace of its own" {
  unshare --user --map-root-user --net sleep 1000 3>&- &
  pid=$!
  PIDS+=("$pid")
  disown
  until_true test "$(readlink /proc/self/ns/user)" != "$(readlink "/proc/$pid/ns/user")"
  until_true grep -q sleep "/proc/$pid/comm"
  container other
  assert_ping "$pid" "$other"
}

# A daemon that takes the connection and says nothing.
silent() {
  mkdir -p "$(dirname "$1")"
  node -e 'require("net").createServer(() => {}).listen(process.argv[1])' "$1" 3>&- &
  PIDS+=($!)
  disown
  until_true test -S "$1"
}

@test "runtimes that hang cost the timeout once, and are named; the one that answers can be said" {
  start
  silent /run/docker.sock
  silent /run/incus/unix.socket
  begin=$(date +%s%N)
  run netwire --timeout 1 br1 web 0/0
  took=$((($(date +%s%N) - begin) / 1000000))
  assert_failure 1
  assert_output 'netwire: docker: the engine at /var/run/docker.sock does not answer: no answer within 1 s
try: runc:web'
  [ "$took" -lt 1900 ] || fail "it took $took ms"
  run netwire br1 runc:web 0/0
  assert_success
  run netwire --timeout 1 show
  assert_success
  assert_line --partial 'no answer within 1 s'
  assert_line --regexp '^runc:web +eth1 '
  rm -f /run/docker.sock /run/incus/unix.socket
}

@test "containerd's and a CRI's sockets that hang are told of, when nobody else knows the name" {
  start
  silent /run/containerd/containerd.sock
  run netwire --timeout 0.5 br1 nope 0/0
  assert_failure 1
  assert_line --partial 'at /run/containerd/containerd.sock does not answer: no answer within 0.5 s'
  run netwire --timeout 0.5 br1 web 0/0
  assert_success
  rm -f /run/containerd/containerd.sock
}

@test "a name in ip netns that leads to a runtime's container is no second container" {
  start
  touch /run/netns/web
  mount --bind "/proc/$(pid_of)/ns/net" /run/netns/web
  assert_found web runc:web "$(pid_of)"
  umount /run/netns/web
}
