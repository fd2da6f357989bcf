# Against real runc and crun, used by themselves.

load machine

setup_file() {
  command -v runc >/dev/null && command -v crun >/dev/null && command -v jq >/dev/null || return 0
  bundle "$BATS_FILE_TMPDIR/bundle"
}

setup() {
  PIDS=()
  need runc crun jq
  BUNDLE=$BATS_FILE_TMPDIR/bundle
}

teardown() {
  local state runtime
  for runtime in runc crun; do
    for state in /run/"$runtime"/*/; do
      [ ! -d "$state" ] || "$runtime" delete -f "$(basename "$state")" || :
    done
  done
  ip link del br1 2>/dev/null || :
}

start() { "$1" run -d -b "$BUNDLE" "$2" </dev/null >/dev/null 2>&1 3>&-; }
is_stopped() { "$1" state "$2" | grep -q stopped; }
pid_of() { "$1" state "$2" | jq .pid; }

for runtime in runc crun; do
  bats_test_function --description "$runtime: by ID, unknown, stopped, started again, attached" -- everything "$runtime"
done

everything() {
  local runtime=$1 first
  start "$runtime" web
  start "$runtime" db
  first=$(pid_of "$runtime" web)
  assert_found web "$runtime:web" "$first"
  assert_found "$runtime:web" "$runtime:web" "$first"
  assert_ping web "$runtime:db"
  assert_refused wbe 'netwire: container wbe: no such container' 'try: did you mean web?'
  "$runtime" kill web KILL
  until_true is_stopped "$runtime" web
  assert_refused web "netwire: $runtime:web: not running (stopped)"
  "$runtime" delete web
  start "$runtime" web
  assert_found web "$runtime:web" "$(pid_of "$runtime" web)"
}

@test "runc: one that was created has its network before its program runs" {
  runc create -b "$BUNDLE" new </dev/null >/dev/null 2>&1 3>&-
  assert_found new runc:new "$(pid_of runc new)"
  netwire br1 new 10.9.0.1/24
  runc start new
  run netwire show new
  assert_line --partial 10.9.0.1/24
}

@test "runc: another root by its path" {
  runc --root "$BATS_TEST_TMPDIR/root" run -d -b "$BUNDLE" far </dev/null >/dev/null 2>&1 3>&-
  pid=$(runc --root "$BATS_TEST_TMPDIR/root" state far | jq .pid)
  assert_found "runc:$BATS_TEST_TMPDIR/root/far" "runc:$BATS_TEST_TMPDIR/root/far" "$pid"
  runc --root "$BATS_TEST_TMPDIR/root" delete -f far
}

@test "a PID that runc wrote down and another process has now is not believed" {
  start runc web
  container other
  # The boot tells processes apart that had the same PID.
  jq --argjson pid "$other" '.init_process_pid = $pid' /run/runc/web/state.json >"$BATS_TEST_TMPDIR/state"
  cp /run/runc/web/state.json "$BATS_TEST_TMPDIR/true"
  cp "$BATS_TEST_TMPDIR/state" /run/runc/web/state.json
  assert_refused web 'netwire: runc:web: not running (stopped)'
  cp "$BATS_TEST_TMPDIR/true" /run/runc/web/state.json
  kill -9 "$other"
}

@test "the same name in runc and crun is refused, with both names" {
  start runc web
  # Both would put it into the same cgroup.
  crun --cgroup-manager=disabled run -d -b "$BUNDLE" web </dev/null >/dev/null 2>&1 3>&-
  assert_refused web 'netwire: container web: there are several: runc:web, crun:web' 'try: runc:web'
}

@test "a pod: two containers in one namespace are one for netwire, and show lists it once" {
  start runc web
  pid=$(pid_of runc web)
  mkdir -p "$BATS_TEST_TMPDIR/second"
  jq --arg path "/proc/$pid/ns/net" --arg root "$BUNDLE/rootfs" '.root.path = $root |
    .linux.namespaces |= map(if .type == "network" then .path = $path else . end)' \
    "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/second/config.json"
  runc run -d -b "$BATS_TEST_TMPDIR/second" sidecar </dev/null >/dev/null 2>&1 3>&-
  netwire br1 sidecar 10.9.0.1/24
  run netwire br1 web 10.9.0.1/24
  assert_output --partial 'nothing to do'
  run netwire show --json
  assert_equal "$(jq 'map(select(.ifname == "eth1")) | length' <<<"$output")" 1
}

@test "TAB offers their names" {
  completion_scripts
  start runc web
  start crun db
  assert_offers bash 'netwire br1 runc:' runc:web
  assert_offers bash 'netwire br1 crun:' crun:db
  assert_offers bash 'netwire br1 w' web
}
