load host

# The long form is `npm run soak`; NETWIRE_SEED=N has the same numbers again.

@test "a random sequence of commands, deaths, restarts and damage ends as a model of it says" {
  run node --import tsx "$NETWIRE_ROOT/test/random/sequence.mjs" 80 "${NETWIRE_SEED:-$RANDOM}"
  echo "$output"
  assert_success
}

@test "killed at random moments: gc leaves nothing unfinished, and del and gc leave nothing" {
  run node "$NETWIRE_ROOT/test/random/kill.mjs" 15 "${NETWIRE_SEED:-$RANDOM}"
  echo "$output"
  assert_success
}

@test "fifty netwires at once on the same bridge, containers and names end as one after the other" {
  local n pids=() statuses=() pid before
  container A B C D E
  for pid in "$A" "$B" "$C" "$D" "$E"; do uplink "$pid"; done
  before=$(state)
  # Five containers; for each: one interface asked for by four, another by one, a third that cannot be, a del of
  # nothing, a batch, a gc and a look.
  n=0
  for pid in "$A" "$B" "$C" "$D" "$E"; do
    n=$((n + 1))
    for _ in 1 2 3 4; do
      netwire -q --timeout 120 br1 "$pid" "10.0.0.$n/24@10.0.0.254" 3>&- &
      pids+=("$!:0")
    done
    netwire -q --timeout 120 br2 "$pid" "10.2.0.$n/24" -i eth2 3>&- &
    pids+=("$!:0")
    netwire -q --timeout 120 lan7 "$pid" "10.3.0.$n/24" -i eth3 3>&- 2>/dev/null &
    pids+=("$!:1")
    netwire -q --timeout 120 del "$pid" eth9 3>&- &
    pids+=("$!:0")
    netwire -q --timeout 120 batch 3>&- <<<"br2 $pid 10.4.0.$n/24 -i eth4
br2 $pid 10.5.0.$n/24 -i eth5" &
    pids+=("$!:0")
    netwire -q --timeout 120 gc 3>&- &
    pids+=("$!:0")
    netwire --timeout 120 show "$pid" 3>&- >/dev/null 2>&1 &
    pids+=("$!:0")
  done
  [ ${#pids[@]} = 50 ]
  for pid in "${pids[@]}"; do
    n=0
    wait "${pid%:*}" || n=$?
    [ "$n" = "${pid#*:}" ] || statuses+=("$pid was $n")
  done
  assert_equal "${statuses[*]}" ''
  for pid in "$A" "$B" "$C" "$D" "$E"; do
    run netwire show "$pid" --json
    assert_equal "$(jq -c '[.[] | select(.ours) | .ifname]' <<<"$output")" '["eth1","eth2","eth4","eth5"]'
    run in_container "$pid" ip route show default
    assert_output "$(printf '%s \n' 'default via 10.0.0.254 dev eth1' 'default via 172.17.0.1 dev eth0 metric 1000000')"
    netwire -q --timeout 120 del --all "$pid" 3>&- &
    pids+=("$!")
  done
  wait "${pids[@]:50}"
  assert_same_state "$before"
}
