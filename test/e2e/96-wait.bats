# netwire wait and --wait, examples/wait-for-link; netwire route, rule and tc.

load host

@test "wait returns when the link is up and has its address, not before" {
  container c1
  netwire wait "$c1" --timeout 30 3>&- &
  local waiting=$!
  in_container "$c1" ip link add eth1 type veth peer name far1
  sleep 0.3
  kill -0 $waiting
  in_container "$c1" ip link set eth1 up
  sleep 0.2
  kill -0 $waiting
  in_container "$c1" ip link set far1 up
  sleep 0.3
  kill -0 $waiting
  in_container "$c1" ip addr add 10.0.0.1/24 dev eth1
  wait $waiting
  # At once, when it is there; of netwire's own also without an address.
  netwire wait "$c1"
  netwire br1 "$c1" 0/0 -i lan0
  netwire wait "$c1" -i lan0
}

@test "when time is up the status is 1, and what is missing is said" {
  container c1
  run netwire wait "$c1" --timeout 0.2
  assert_failure 1
  assert_output "netwire: eth1: there is no such link in pid:$c1 after 0.2 s
try: netwire show pid:$c1"
  in_container "$c1" ip link add eth1 type bridge
  run netwire wait "$c1" --timeout 0.2
  assert_failure 1
  assert_output --partial 'eth1: it is down in'
  run netwire wait c404
  assert_failure 3
  run netwire wait
  assert_failure 2
  run netwire --wait "$c1"
  assert_failure 2
  # A container that ends is no reason to wait on.
  (sleep 0.3; kill -9 "$c1") 3>&- &
  run netwire wait "$c1" -i eth9
  assert_failure 3
}

@test "--wait, as in pipework, and the shell script wait where they run" {
  container c1
  local inside=(in_container "$c1" node "$NETWIRE_ROOT/bin/netwire")
  run "${inside[@]}" --wait --timeout 0.2
  assert_failure 1
  local sys='mount -t sysfs sysfs /sys 2>/run/mount'
  run nsenter --net="/proc/$c1/ns/net" unshare --mount sh -c "$sys; $NETWIRE_ROOT/examples/wait-for-link eth1 0"
  assert_failure 1
  assert_output 'wait-for-link: eth1 is not up with an address after 0 s'
  netwire br1 "$c1" 10.0.0.1/24
  netwire br1 "$c1" fd00::1/64 -i lan0
  "${inside[@]}" --wait
  "${inside[@]}" --wait -i lan0
  local name
  for name in eth1 lan0; do
    nsenter --net="/proc/$c1/ns/net" unshare --mount \
      sh -c "$sys; $NETWIRE_ROOT/examples/wait-for-link $name 3"
  done
}

@test "route, rule and tc pass everything on, and the tool's own status" {
  need tc
  container c1
  netwire br1 "$c1" 10.0.0.1/24
  netwire route "$c1" add 10.9.0.0/16 via 10.0.0.254
  run netwire route "$c1"
  assert_line --partial '10.9.0.0/16 via 10.0.0.254 dev eth1'
  run netwire route "$c1" -6 show dev lo
  assert_success
  run netwire route "$c1" -f inet6 show dev lo
  assert_success
  run netwire --json route "$c1" show 10.9.0.0/16
  assert_equal "$(jq -r '.[0].gateway' <<<"$output")" 10.0.0.254
  netwire rule "$c1" add from 10.0.0.1 lookup 100
  run netwire rule "$c1" list
  assert_line --partial 'from 10.0.0.1 lookup 100'
  netwire tc "$c1" qdisc add dev eth1 root pfifo limit 7
  run netwire tc "$c1" qdisc show dev eth1
  assert_output --partial 'limit 7'
  run netwire route "$c1" add 10.9.0.0/16 via 10.0.0.254
  assert_failure 2
  assert_output 'RTNETLINK answers: File exists'
  run netwire route "$c1" frobnicate
  assert_failure
  assert_output --partial 'frobnicate'
  run netwire route c404 show
  assert_failure 3
  run netwire route
  assert_failure 2
  # What looks like an option of netwire's is the tool's too.
  run netwire tc "$c1" -V
  assert_success
  assert_output --partial 'tc utility'
}
