load host
load fault

lab() { cat >"$BATS_TEST_TMPDIR/lab"; }

batch() { run netwire batch "$@" "$BATS_TEST_TMPDIR/lab"; }

@test "a batch does all its lines: quotes, comments, joined lines, a leading netwire" {
  container c1 c2
  lab <<SH
# Two on a bridge
br1 $c1 192.168.1.1/24
  netwire add "br1" '$c2' 192.168.1.2/24   # with a comment

br2 $c1 10.0.0.1/24 \\
  -i eth2
"br1" $c1 192.168.1.1/24
SH
  batch
  assert_success
  assert_output "bridge br1: made
pid:$c1 eth1: 192.168.1.1/24 on br1
pid:$c2 eth1: 192.168.1.2/24 on br1
bridge br2: made
pid:$c1 eth2: 10.0.0.1/24 on br2
pid:$c1 eth1: 192.168.1.1/24 on br1 (as it was; nothing to do)"
  pings "$c1" 192.168.1.2
  batch --json
  assert_success
  assert_equal "$(jq -c '[.[] | [.line, .attachment.ifname, .attachment.changed]]' <<<"$output")" \
    '[[2,"eth1",false],[3,"eth1",false],[5,"eth2",false],[7,"eth1",false]]'
  # What show tells is what a batch takes.
  netwire show --json | jq -r '.[].command // empty' >"$BATS_TEST_TMPDIR/lab"
  batch
  assert_success
  refute_output --partial 'made'
}

@test "standard input, by no FILE and by -" {
  container c1
  run netwire batch <<<"br1 $c1 192.168.1.1/24"
  assert_success
  run netwire batch - <<<"del $c1"
  assert_success
  assert_line "pid:$c1 eth1: taken back"
  assert_line 'bridge br1: removed, its last port is gone'
  run netwire batch </dev/null
  assert_success
  assert_output ''
}

@test "words are checked for the whole file before anything changes, each wrong line named" {
  container c1
  local before
  before=$(state)
  lab <<SH
br1 $c1 192.168.1.1/24
br1 $c1 192.168.1.2
frobnicate
br1 'c1 10.0.0.1/24
show $c1
br1 $c1 10.0.0.1/24 --json
del
SH
  batch
  assert_failure 2
  assert_line --partial "lab:2: address \"192.168.1.2\": the prefix length is missing"
  assert_line --partial 'lab:3: add: CONTAINER is missing'
  assert_line --partial 'lab:4: the quote '
  assert_line --partial 'lab:5: show: a batch takes add and del alone'
  assert_line --partial 'lab:6: --json: it belongs to the whole batch'
  assert_line --partial 'lab:7: del: CONTAINER is missing'
  assert_same_state "$before"
}

@test "containers, parents and names are checked before anything changes" {
  container c1 c2
  netwire br0 "$c1" 10.0.0.9/24 -i eth9
  local before line words
  before=$(state)
  for words in "br1 c404 10.0.0.1/24|no such container" "lan7 $c2 10.0.0.1/24|no such link" \
    "br1 $c1 10.0.0.1/24 -i eth9|has it already, but" "br1 $c1 10.0.0.2/24|an earlier line gives" \
    "br0 $c2 10.0.0.1/24 -l veth9pl$c1|has a link of that name"; do
    lab <<<"br1 $c1 192.168.1.1/24
${words%|*}"
    batch -v
    assert_failure
    assert_output --partial "lab:2: "
    assert_output --partial "${words#*|}"
    # No command was run.
    refute_output --partial 'ip link'
    assert_same_state "$before"
  done
  batch /no/such/file
  assert_failure 2
  run netwire batch /no/such/file
  assert_failure 1
  assert_output 'netwire: /no/such/file: no such file
try: netwire batch FILE, or netwire batch <FILE'
}

@test "a failure at any single step of a batch leaves all as it was, in all its containers" {
  container c1 c2 c3
  uplink "$c1"
  netwire br9 "$c3" 10.9.0.3/24@10.9.0.1
  netwire "veth:$c3" "$c1" 10.8.0.1/24@10.8.0.2 -i eth8 --peer-address 10.8.0.2/24 --peer-ifname eth8
  lab <<SH
br1 $c1 192.168.1.1/24@192.168.1.254
br1 $c2 192.168.1.2/24
del $c3 eth1
del $c1 eth8
br1 $c3 10.9.0.3/24@10.9.0.1
--replace br2 $c2 192.168.1.3/24
SH
  # Each line's failure is told with its place.
  local before step
  before=$(state)
  fault_injection
  for step in $(seq 1 80); do
    fail_at "$step"
    batch
    [ "$status" != 0 ] || break
    # From the last line on, what was set aside is taken away: that is not undone.
    if [ "$status" = 5 ]; then
      assert_output --partial 'not everything could be taken'
      fail_at 0
      run netwire gc
      assert_success
      break
    fi
    assert_failure 1
    assert_output --partial "lab:"
    assert_output --partial '"injected"; everything was undone'
    fail_at 0
    assert_same_state "$before"
  done
  [ "$step" -ge 50 ]
  fail_at 0
  run netwire show "$c1" --json
  assert_equal "$(jq -c '[.[] | select(.ours) | .ifname]' <<<"$output")" '["eth1"]'
  run netwire show "$c3" --json
  assert_equal "$(jq -c '[.[] | select(.ours) | [.ifname, .parent]]' <<<"$output")" '[["eth1","br1"]]'
  run netwire show "$c2" --json
  assert_equal "$(jq -c '[.[] | select(.ours) | [.ifname, .parent]]' <<<"$output")" '[["eth1","br2"]]'
  for pid in "$c1" "$c2" "$c3"; do netwire del --all "$pid"; done
  run ip -br link show type bridge
  assert_output ''
  run ip -br link show type veth
  assert_output --regexp "^up$c1"
  run in_container "$c1" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
}

@test "a bridge that loses its last port on one line and gets another on the next stays" {
  container c1 c2
  netwire br1 "$c1" 192.168.1.1/24
  local index
  index=$(ip -j link show br1 | jq '.[].ifindex')
  lab <<SH
del $c1
br1 $c2 192.168.1.2/24
SH
  batch
  assert_success
  assert_output "pid:$c1 eth1: taken back
pid:$c2 eth1: 192.168.1.2/24 on br1"
  assert_equal "$(ip -j link show br1 | jq '.[].ifindex')" "$index"
  # And a line that repeats what is gone is a success.
  lab <<<"del $c1
del $c2
del c404"
  batch
  assert_success
  assert_line 'bridge br1: removed, its last port is gone'
}

@test "--keep-going does each line for itself, and the status tells" {
  container c1 c2
  lab <<SH
br1 $c1 192.168.1.1/24
br1 c404 192.168.1.9/24
lan7 $c2 10.0.0.1/24
br1 $c2 192.168.1.2/24
SH
  batch --keep-going
  assert_failure 3
  assert_line --partial "lab:2: container c404: no such container"
  assert_line --partial 'lab:3: parent lan7: no such link'
  assert_line "pid:$c2 eth1: 192.168.1.2/24 on br1"
  pings "$c1" 192.168.1.2
  run --separate-stderr netwire batch --keep-going --json "$BATS_TEST_TMPDIR/lab"
  assert_failure 3
  # shellcheck disable=SC2154
  assert_equal "$(jq -c '[.[] | [.line, .attachment.changed, .error.code]]' <<<"$output")" \
    '[[1,false,null],[2,null,"no-such-container"],[3,null,"no-such-parent"],[4,false,null]]'
  run netwire --keep-going br1 "$c1" 192.168.1.1/24
  assert_failure 2
}

@test "the dry run tells what all lines would do one after the other, and its lines do it in a shell" {
  container c1 c2
  uplink "$c1"
  ip link add lan0 type veth peer name lan1
  ip link set lan0 up
  lab <<SH
br1 $c1 192.168.1.1/24@192.168.1.254
br1 $c2 192.168.1.2/24 -i eth2
br1 $c1 192.168.1.1/24@192.168.1.254
br2 $c1 10.0.0.1/24@10.0.0.254 -i eth2
lan0 $c2 10.7.0.1/24
SH
  local before
  before=$(state)
  batch --dry-run
  assert_success
  assert_equal "$(grep -c 'ip link add name br1' <<<"$output")" 1
  assert_line --regexp 'lab:3: nothing to do$'
  assert_same_state "$before"
  sh -ec "$output"
  batch
  assert_success
  assert_equal "$(grep -c 'nothing to do' <<<"$output")" 5
  run in_container "$c1" ip route show default
  assert_output "$(printf '%s \n' 'default via 10.0.0.254 dev eth2' 'default via 192.168.1.254 dev eth1 metric 1000000' 'default via 172.17.0.1 dev eth0 metric 2000000')"
  # The way back, and the same in JSON.
  lab <<SH
del $c1 eth2
del $c1 eth1
del $c2 --all
SH
  batch --dry-run --json
  assert_success
  assert_equal "$(jq '[.steps[] | select(.command | join(" ") == "ip link del dev br1")] | length' <<<"$output")" 1
  batch
  assert_success
  ip link del lan0
  run in_container "$c1" ip route show default
  assert_output 'default via 172.17.0.1 dev eth0 '
}

@test "a signal undoes the lines that were done; a terminal's Ctrl-C too" {
  container c1 c2 c3
  lab <<SH
br1 $c1 192.168.1.1/24
br1 $c2 192.168.1.2/24
br1 $c3 192.168.1.3/24
SH
  local before signal status
  before=$(state)
  fault_injection
  for signal in INT TERM HUP; do
    fail_at 0 0.1
    node "$NETWIRE_ROOT/bin/netwire" batch "$BATS_TEST_TMPDIR/lab" 3>&- >"$BATS_TEST_TMPDIR/out" 2>&1 &
    until [ "$(cat /run/fault/count)" -ge 12 ]; do sleep 0.01; done
    kill -$signal $!
    status=0
    wait $! || status=$?
    [ "$status" = $((128 + $(kill -l $signal))) ]
    grep -q 'lab:.: interrupted: everything was undone' "$BATS_TEST_TMPDIR/out"
    fail_at 0
    assert_same_state "$before"
  done
}

@test "progress is shown on a terminal once a batch takes over a second" {
  need script
  container c1 c2
  lab <<SH
br1 $c1 192.168.1.1/24
br1 $c2 192.168.1.2/24
br1 $c1 192.168.1.3/24 -i eth3
SH
  fault_injection
  fail_at 0 0.1
  run script -qec "node $NETWIRE_ROOT/bin/netwire batch $BATS_TEST_TMPDIR/lab" /dev/null
  assert_success
  assert_output --partial 'of 3 lines'
}

@test "a batch of Open vSwitch ports, moved links and cables is undone as well" {
  container c1 c2
  ip link add eth7 type veth peer name far7
  ip link set eth7 address 02:00:00:00:77:77 up
  ip addr add 172.30.0.1/24 dev eth7
  netwire phys:eth7 "$c1" 10.7.0.1/24
  local before
  before=$(state)
  lab <<SH
veth:$c2 $c1 10.0.0.1/24 --peer-address 10.0.0.2/24
del --force $c1 eth1
SH
  # eth1 is the moved link's name, so the first line cannot be.
  batch
  assert_failure 1
  assert_same_state "$before"
  lab <<SH
del --force $c1 eth1
veth:$c2 $c1 10.0.0.1/24 --peer-address 10.0.0.2/24
phys:eth7 $c1 10.7.0.1/24 -i eth2
lan7 $c2 10.0.0.1/24
SH
  batch
  assert_failure 1
  assert_output --partial 'lab:4: parent lan7: no such link; everything was undone'
  assert_same_state "$before"
}

@test "del in a batch counts what earlier lines took back as gone" {
  container c1
  netwire br1 "$c1" 10.0.0.1/24
  run netwire batch <<<"del $c1
br1 $c1 10.0.0.2/24
del $c1
del $c1"
  assert_success
  assert_output --partial 'there is no interface that netwire made'
  refute_output --partial nwa
  run netwire show "$c1" --json
  assert_output '[]'
  run ip link show br1
  assert_failure
}

@test "the dry run of several that are taken back prints commands that do it in order" {
  container c1
  uplink "$c1"
  local before
  before=$(state)
  netwire -q br1 "$c1" 10.0.1.1/24@10.0.1.9 -i eth2
  netwire -q br1 "$c1" 10.0.2.1/24@10.0.2.9 -i eth3
  netwire del --all --dry-run "$c1" >/run/plan
  sh -e /run/plan
  assert_same_state "$before"
  # A bridge whose last port goes and which a later line uses stays.
  netwire -q br1 "$c1" 10.0.1.1/24
  netwire batch --dry-run >/run/plan <<<"del $c1 eth1
br1 $c1 10.4.0.1/30"
  sh -e /run/plan
  run netwire br1 "$c1" 10.4.0.1/30
  assert_output --partial 'nothing to do'
  run netwire batch --dry-run <<<"del $c1 eth1
del $c1"
  assert_success
  assert_equal "$(grep -c 'ip link del dev veth' <<<"$output")" 1
  # What --replace changes in what an earlier line makes is not told, but no error.
  run netwire batch --dry-run <<<"br1 $c1 10.0.0.1/24 -i lan0
--replace br1 $c1 10.0.0.2/24 -i lan0"
  assert_success
  assert_output --partial 'the commands that change it are not told'
}

@test "what is no file of lines is refused" {
  run netwire batch </run
  assert_failure 1
  assert_output 'netwire: standard input: it is a directory
try: netwire batch FILE, or netwire batch <FILE'
  run netwire batch /run
  assert_failure 1
  assert_output 'netwire: /run: it is a directory
try: netwire batch FILE, or netwire batch <FILE'
  head -c 200000 /dev/zero | tr '\0' x >/run/long
  run netwire batch /run/long
  assert_failure 2
  assert_output --partial 'a line of 200000 characters is too long'
}

@test "a # within quotes is no comment, at the end of a line that goes on either" {
  container c1
  netwire batch <<<"br1 $c1 0/0 'U:rack #7' \\
 -i eth4"
  run netwire show "$c1" eth4
  assert_success
}

@test "what an earlier line gives the other container of its cable counts for a later one" {
  container c1 c2
  local before
  ip link add br1 type bridge
  before=$(state)
  lab <<SH
veth:$c2 $c1 10.4.0.1/30 --peer-address 10.4.0.2/30
br1 $c2 10.4.0.2/24 -i eth2
SH
  batch
  assert_failure 1
  assert_output --partial 'lab:2: 10.4.0.2'
  assert_output --partial 'has this address already, on eth1'
  assert_same_state "$before"
  ip link del br1
}

@test "what a killed netwire left unfinished is made anew by a batch as well" {
  container c1 c2
  in_container "$c2" ip link add eth1 group 1852142711 type veth peer name other
  lab <<SH
br1 $c1 10.0.0.1/24
br1 $c2 10.0.0.2/24
SH
  batch --dry-run
  assert_success
  batch
  assert_success
  assert_line --partial 'a netwire that was killed left it unfinished; it is made anew'
  pings "$c1" 10.0.0.2
}

@test "without descriptors for its processes a batch does all or nothing" {
  container c1 c2 c3
  local before limit failed=0
  ip link add br1 address 02:00:00:00:00:b1 type bridge
  before=$(state)
  lab <<SH
br1 $c1 10.0.0.1/24
br1 $c2 10.0.0.2/24
br1 $c3 10.0.0.3/24
SH
  for limit in 36 40 44 46 48 50 52 56 60 64; do
    run sh -c "ulimit -n $limit; exec '$NETWIRE_ROOT/bin/netwire' batch '$BATS_TEST_TMPDIR/lab'"
    refute_output --partial "netwire's own"
    if [ "$status" = 0 ]; then
      for one in $c1 $c2 $c3; do netwire -q del "$one"; done
    else failed=1; fi
    assert_same_state "$before"
  done
  [ "$failed" = 1 ]
  ip link del br1
}

@test "killed with several lines at work, the same batch again does them all" {
  local names=(A B C D E F G H) name wait
  container "${names[@]}"
  before=$(state)
  ip link add br1 address 02:00:00:00:00:01 type bridge
  ip link set br1 up
  for name in "${names[@]}"; do echo "br1 ${!name} 10.0.0.$((++host))/24"; done >/run/lab.batch
  with_bridge=$(state)
  for wait in 0.15 0.2 0.25 0.3 0.4 0.5; do
    timeout --signal=KILL "$wait" node "$NETWIRE_ROOT/bin/netwire" -q batch /run/lab.batch || :
    netwire -q batch /run/lab.batch
    for name in "${names[@]:1}"; do pings "${!name}" 10.0.0.1; done
    for name in "${names[@]}"; do netwire -q del --all "${!name}"; done
    assert_same_state "$with_bridge"
  done
  ip link del br1
  assert_same_state "$before"
}
