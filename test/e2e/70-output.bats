load host

@test "a dry run changes nothing, and its lines run in a shell do the same as netwire" {
  container A B
  uplink "$A"
  uplink "$B"
  iptables -P FORWARD DROP 2>/dev/null || :
  before=$(state)
  run --separate-stderr netwire --dry-run br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:01
  assert_success
  assert_equal "$stderr" ''
  assert_same_state "$before"
  sh -euc "$output"
  by_hand=$(state)
  # Made by its own steps, it is netwire's: the command itself finds nothing left to do.
  run netwire br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:01
  assert_output --partial 'nothing to do'
  steps=$(netwire --dry-run del "$A")
  netwire -q del "$A"
  assert_same_state "$before"
  netwire -q br1 "$A" 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:01
  assert_equal "$(without_random "$(state)")" "$(without_random "$by_hand")"
  sh -euc "$steps"
  assert_same_state "$before"
}

# The bridge's and the host end's own MACs are new each time, and so are ifindexes.
without_random() { grep -v '^ *link/ether' <<<"$1" | sed -E 's/^[0-9]+: |@if[0-9]+//g'; }

@test "a dry run prints what would be done as JSON, too" {
  need jq
  container A
  run netwire -n --json br1 "$A" 10.0.0.1/24
  assert_success
  assert_equal "$(jq -r '.steps[3].command[0:5] | join(" ")' <<<"$output")" "ip link add name veth1pl$A"
  assert_equal "$(jq -c '.steps[3].undo' <<<"$output")" "[\"ip\",\"link\",\"del\",\"dev\",\"veth1pl$A\"]"
  assert_equal "$(jq -r '.steps[-1].netns' <<<"$output")" "pid:$A"
  netwire -q br1 "$A" 10.0.0.1/24
  run netwire -n --json br1 "$A" 10.0.0.1/24
  assert_output '{"steps":[]}'
}

@test "a dry run of a first attachment needs no privilege" {
  need setpriv
  without_privilege() { setpriv --bounding-set -all --inh-caps -all -- "$@"; }
  setpriv --bounding-set -all --inh-caps -all -- unshare --user --net sleep 1000 3>&- &
  parent=$!
  PIDS+=("$parent")
  # unshare becomes the sleep itself.
  until [ "$(cat "/proc/$parent/comm")" = sleep ]; do sleep 0.01; done
  A=$parent
  run without_privilege node "$NETWIRE_ROOT/bin/netwire" -n br1 "$A" 10.0.0.1/24
  assert_success
  assert_line --partial "ip link add name br1"
}

@test "add prints one attachment as JSON, with what changed" {
  need jq
  container A
  run --separate-stderr netwire br1 "$A" 10.0.0.1/24@10.0.0.254 02:00:00:00:00:01 --json
  assert_success
  assert_equal "$stderr" ''
  expected='{"container":"pid:'$A'","pid":'$A',"ifname":"eth1","kind":"veth","mode":null,"parent":"br1","parent_kind":"bridge","host_ifname":"veth1pl'$A'","address":"02:00:00:00:00:01","mtu":1500,"operstate":"UP","gateway":["10.0.0.254"],"default_route":"take","metric":null,"table":null,"route":[],"dhcp":null,"dhcp6":null,"autoconf":false,"vlan":null,"trunk":[],"pkey":null,"ours":true,"command":"netwire bridge:br1 pid:'$A' 10.0.0.1/24@10.0.0.254 02:00:00:00:00:01","changed":true}'
  assert_equal "$(jq -cS 'del(.netns, .addr_info)' <<<"$output")" "$(jq -cS . <<<"$expected")"
  assert_equal "$(jq -c '.addr_info[0]' <<<"$output")" '{"family":"inet","local":"10.0.0.1","prefixlen":24,"valid_life_time":null}'
  assert_equal "$(jq .netns <<<"$output")" "$(stat -Lc %i "/proc/$A/ns/net")"
  run netwire br1 "$A" 10.0.0.1/24@10.0.0.254 --json
  assert_equal "$(jq .changed <<<"$output")" false
  run netwire del "$A" --json
  assert_equal "$(jq -c '[.changed, .bridges, .attachment.ifname]' <<<"$output")" '[true,["br1"],"eth1"]'
}

@test "an error is one JSON document, too" {
  need jq
  run --separate-stderr netwire --json br1 nope 10.0.0.1/24
  assert_failure 3
  assert_equal "$output" '{"error":{"code":"no-such-container","message":"container nope: no such container","hint":"netwire show"}}'
  assert_equal "$stderr" 'netwire: container nope: no such container
try: netwire show'
  run --separate-stderr netwire br1 --json
  assert_failure 2
  assert_equal "$(jq -r .error.code <<<"$output")" usage
}

@test "colour only on a terminal, and only when nobody asked for none" {
  need script
  escape=$'\033['
  on_terminal() { script -qec "$1" /dev/null </dev/null; }
  run on_terminal "node $NETWIRE_ROOT/bin/netwire show"
  assert_output --partial "$escape"
  for words in 'NO_COLOR=1' 'TERM=dumb'; do
    run on_terminal "env $words node $NETWIRE_ROOT/bin/netwire show"
    refute_output --partial "$escape"
  done
  run on_terminal "node $NETWIRE_ROOT/bin/netwire show --color never"
  refute_output --partial "$escape"
  run on_terminal "env NO_COLOR= node $NETWIRE_ROOT/bin/netwire show"
  assert_output --partial "$escape"
  run on_terminal "node $NETWIRE_ROOT/bin/netwire show --json"
  refute_output --partial "$escape"
  run netwire show
  refute_output --partial "$escape"
  run netwire show --color always
  assert_output --partial "$escape"
  run netwire bogus --color=always
  assert_output --partial "$escape"
}

@test "-v shows each command before it runs, -q nothing but errors" {
  container A
  run --separate-stderr netwire -v br1 "$A" 10.0.0.1/24
  assert_equal "${stderr_lines[2]}" 'ip link set dev br1 alias netwire:1 group default up'
  run netwire -q del "$A"
  assert_output ''
  run netwire -q del "$A"
  assert_output ''
}

@test "a reader that goes away does not stop the work" {
  container A
  set +o pipefail
  netwire -v br1 "$A" 10.0.0.1/24 2>&1 | true
  run netwire show "$A" eth1
  assert_success
}
