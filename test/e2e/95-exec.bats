# netwire exec: the container's network, the host's files, the command's own status.

load host

@test "a command runs in the container's network alone, with the host's files, directory and environment" {
  container c1
  in_container "$c1" ip link add only-here type bridge
  run netwire exec "$c1" -- ip -o link show only-here
  assert_success
  cd "$BATS_TEST_TMPDIR"
  # shellcheck disable=SC2016 # the inner shell's own
  SOME_WORD=there run netwire exec "pid:$c1" sh -c 'pwd; echo "$SOME_WORD $1"; readlink /proc/self/ns/mnt' sh 'a b'
  assert_output "$PWD
there a b
$(readlink /proc/self/ns/mnt)"
}

@test "what the command reads and writes is the caller's, and it inherits no descriptors" {
  container c1
  run bash -c "seq 100000 | node $NETWIRE_ROOT/bin/netwire exec $c1 -- cat | (sleep 0.2; wc -l)"
  assert_output 100000
  run netwire exec "$c1" -- sh -c 'readlink /proc/self/fd/* | grep net:'
  assert_output ''
}

@test "its exit status is passed on; 125, 126 and 127 are netwire's own" {
  container c1
  run netwire exec "$c1" -- sh -c 'exit 42'
  assert_failure 42
  run netwire exec "$c1" -- sh -c 'kill -9 $$'
  assert_failure 137
  run -127 netwire exec "$c1" -- no-such-program
  assert_output 'netwire: no-such-program: no such command on the host'
  run netwire exec "$c1" -- /etc/passwd
  assert_failure 126
  assert_output 'netwire: /etc/passwd: it is not executable'
  # A directory that cannot be looked into, a loop of links for one, is passed over.
  ln -s loop "$BATS_TEST_TMPDIR/loop"
  PATH=$BATS_TEST_TMPDIR/loop:$PATH run -127 netwire exec "$c1" -- no-such-program
  assert_output 'netwire: no-such-program: no such command on the host'
  run netwire exec nope -- true
  assert_failure 125
  assert_output --partial 'container nope: no such container'
  run netwire exec "$c1"
  assert_failure 125
  assert_output 'netwire: exec: the command is missing
try: netwire exec CONTAINER -- COMMAND...'
  run netwire exec --bogus "$c1" -- true
  assert_failure 125
}

@test "signals reach the command" {
  container c1
  for signal in TERM HUP INT; do
    # A file for each: the last one's "ready" must not be taken for this one's.
    said=$BATS_TEST_TMPDIR/$signal
    : >"$said"
    # A background job of a shell ignores SIGINT: node takes it again.
    setsid node "$NETWIRE_ROOT/bin/netwire" exec "$c1" -- \
      sh -c 'trap "echo got it; exit 7" TERM HUP INT; echo ready; while :; do sleep 0.05; done' \
      >"$said" 3>&- &
    pid=$!
    until grep -q ready "$said"; do sleep 0.02; done
    kill -s "$signal" "$pid"
    wait "$pid" && status=0 || status=$?
    assert_equal "$signal $status $(tail -n 1 "$said")" "$signal 7 got it"
  done
}

@test "a terminal is the command's own, both ways" {
  need script
  container c1
  run script -qec "node $NETWIRE_ROOT/bin/netwire exec $c1 -- sh -c 'test -t 0 && test -t 1 && stty size >/dev/null && echo a terminal'" /dev/null </dev/null
  assert_success
  assert_output --partial 'a terminal'
}
