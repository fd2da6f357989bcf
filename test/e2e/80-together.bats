load host

@test "many netwires at once end as if one had run after the other" {
  need ping
  local n pids=() pid
  for n in $(seq 1 12); do
    ip netns add "c$n"
  done
  before=$(state)
  for n in $(seq 1 12); do
    netwire -q br1 "c$n" "10.0.0.$n/24" 3>&- &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  run ip -br link show master br1
  assert_equal "${#lines[@]}" 12
  ip netns exec c1 ping -c 1 -W 2 10.0.0.12
  pids=()
  for n in $(seq 1 12); do
    netwire -q del "c$n" 3>&- &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  assert_same_state "$before"
}

@test "two of the same at once: one makes it, the other finds it made" {
  container A
  netwire br1 "$A" 10.0.0.1/24 >/run/one 3>&- &
  one=$!
  netwire br1 "$A" 10.0.0.1/24 >/run/two 3>&- &
  wait "$!"
  wait "$one"
  run cat /run/one /run/two
  assert_equal "$(grep -c 'nothing to do' /run/one /run/two | grep -c ':1')" 1
}

@test "a lock that is not given back in time is an error, and dies with its holder" {
  container A
  netwire -q br1 "$A" 10.0.0.1/24
  lock=/run/netwire.lock
  assert_equal "$(stat -c %a "$lock")" 600
  flock "$lock" sleep 1000 3>&- &
  holder=$!
  PIDS+=("$holder")
  until ! flock -n "$lock" true; do sleep 0.01; done
  run netwire --timeout 0.2 del "$A"
  assert_failure 1
  assert_output 'netwire: another netwire is at work and did not end in time
try: --timeout SECONDS'
  kill -9 "$(children "$holder")" "$holder"
  netwire del "$A"
}

@test "a container that ends meanwhile is an error, and nothing is left" {
  container A
  (sleep 0.05; kill -9 "$A") 3>&- &
  for _ in $(seq 1 30); do
    run netwire -q br1 "$A" 10.0.0.1/24
    [ "$status" = 0 ] || break
    netwire -q del "$A"
  done
  assert_failure 3
  PIDS=()
  run ip -o link
  refute_output --partial veth
}
