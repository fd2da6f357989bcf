# Against real Podman: root's containers, and those of a user who has nothing to do with root.

load machine

setup_file() {
  command -v podman >/dev/null && command -v runc >/dev/null || return 0
  export CONTAINERS_CONF=$BATS_FILE_TMPDIR/containers.conf
  # Limits that need no capability to be raised, and a runtime that takes both versions of cgroups.
  cat >"$CONTAINERS_CONF" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
  rootfs "$BATS_FILE_TMPDIR/rootfs"
  tar -C "$BATS_FILE_TMPDIR/rootfs" -c . >"$BATS_FILE_TMPDIR/image.tar"
  podman import -q --change 'CMD ["sleep","100000"]' "$BATS_FILE_TMPDIR/image.tar" localhost/test >&2
}

setup() {
  PIDS=()
  need podman runc newuidmap
}

teardown() {
  unset CONTAINER_HOST
  podman rm -fa -t 0 >/dev/null 2>&1 || :
  ip link del br1 2>/dev/null || :
}

teardown_file() { forget_cgroups libpod_parent; }

start() { podman run -d --network none --name "$@" localhost/test 3>&-; }
start_beside() { podman run -d --network "container:$1" --name "$2" localhost/test 3>&-; }
pid_of() { podman inspect -f '{{.State.Pid}}' "$1"; }

@test "by name, ID, beginning of ID, and new name; attached" {
  id=$(start web)
  start db --rm >/dev/null
  pid=$(pid_of web)
  for word in web podman:web "$id" "${id:0:12}"; do assert_found "$word" podman:web "$pid"; done
  assert_ping web db
  podman rename web www
  assert_found www podman:www "$pid"
}

@test "unknown, stopped, started again under another PID, in the host's namespace" {
  start web >/dev/null
  first=$(pid_of web)
  podman stop -t 0 web >/dev/null
  assert_refused web 'netwire: podman:web: not running (exited)' 'try: podman start web'
  podman start web >/dev/null 3>&-
  [ "$(pid_of web)" != "$first" ]
  assert_found web podman:web "$(pid_of web)"
  assert_refused wbe 'netwire: container wbe: no such container' 'try: did you mean web?'
  podman run -d --network host --name host1 localhost/test >/dev/null 3>&-
  assert_refused host1 "netwire: podman:host1: it shares the host's network namespace; an interface there would be the host's" 'try: host as CONTAINER, if that is meant'
}

@test "one that is created is waited for" {
  podman create --network none --name web localhost/test >/dev/null
  assert_refused web 'netwire: podman:web: not running (created)' 'try: podman start web'
  (sleep 0.7; podman start web >/dev/null) 3>&- &
  run netwire br1 web 10.9.0.1/24
  assert_success
  wait
}

@test "waiting for a container ends with a signal at once" {
  podman create --network none --name web localhost/test >/dev/null
  setsid node "$NETWIRE_ROOT/bin/netwire" --timeout 60 br1 web 10.9.0.1/24 >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
  pid=$!
  sleep 0.7
  kill -TERM "$pid"
  begin=$SECONDS
  wait "$pid" && status=0 || status=$?
  assert_equal "$status $(tail -n 1 "$BATS_TEST_TMPDIR/said")" '143 netwire: interrupted: nothing was done yet'
  [ $((SECONDS - begin)) -lt 5 ]
}

@test "with crun as its runtime" {
  need crun
  podman --runtime crun run -d --network none --name web localhost/test >/dev/null 3>&-
  assert_found web podman:web "$(pid_of web)"
}

@test "a pod's second container is in the network of its first" {
  start web >/dev/null
  start_beside web sidecar >/dev/null
  netwire br1 web 10.9.0.1/24
  run netwire exec sidecar -- ip -4 addr show eth1
  assert_output --partial 10.9.0.1/24
  run netwire show --json
  assert_equal "$(jq -r 'map(select(.ifname == "eth1").container) | join(" ")' <<<"$output")" podman:web
  podman rm -f -t 0 sidecar >/dev/null
}

@test "CONTAINER_HOST: its service is asked, and one elsewhere is refused" {
  podman system service -t 0 "unix://$BATS_TEST_TMPDIR/podman.sock" >/dev/null 2>&1 3>&- &
  service=$!
  start web >/dev/null
  pid=$(pid_of web)
  until_true curl -fs --unix-socket "$BATS_TEST_TMPDIR/podman.sock" http://d/_ping
  export CONTAINER_HOST=unix://$BATS_TEST_TMPDIR/podman.sock
  assert_found web podman:web "$pid"
  kill "$service"
  export CONTAINER_HOST=ssh://core@10.0.0.1/run/podman/podman.sock
  run netwire br1 podman:web 0/0
  assert_failure 1
  assert_line --partial 'CONTAINER_HOST is ssh://core@10.0.0.1/run/podman/podman.sock: only unix:// will do'
}

# as_user COMMAND...: a user of this private machine alone, with user IDs of his own to give away
as_user() {
  [ -e /run/home/u1 ] || {
    mkdir -p /run/home/u1 /run/user/4711
    local file
    for file in passwd group subuid subgid; do cp "/etc/$file" "/run/$file"; done
    echo 'u1:x:4711:4711::/run/home/u1:/bin/sh' >>/run/passwd
    echo 'u1:x:4711:' >>/run/group
    echo 'u1:500000:65536' | tee -a /run/subuid >>/run/subgid
    for file in passwd group subuid subgid; do mount --bind "/run/$file" "/etc/$file"; done
    cp "$BATS_FILE_TMPDIR"/{containers.conf,image.tar} /run/home/u1
    chown 4711:4711 /run/home/u1 /run/user/4711
  }
  (
    cd /
    export HOME=/run/home/u1 XDG_RUNTIME_DIR=/run/user/4711 CONTAINERS_CONF=/run/home/u1/containers.conf
    setpriv --reuid 4711 --regid 4711 --clear-groups "$@"
  )
}

@test "a user's own containers: by whole name, by name for him who calls by sudo, never by chance" {
  as_user podman import -q --change 'CMD ["sleep","100000"]' /run/home/u1/image.tar localhost/test >&2
  as_user podman run -d --network none --name web localhost/test >&2 3>&-
  pid=$(as_user podman inspect -f '{{.State.Pid}}' web)
  assert_found podman:u1/web podman:u1/web "$pid"
  SUDO_UID=4711 assert_found web podman:u1/web "$pid"
  assert_refused web 'netwire: container web: only another user has one of that name: say whose' 'try: podman:u1/web'
  start db >/dev/null
  assert_ping podman:u1/web db
  run netwire show
  # His writing a process of somebody else's into his files does not make it his.
  state=$(find /run/user/4711/runc -name state.json)
  container other
  started=$(awk '{ print $22 }' "/proc/$other/stat")
  jq --argjson pid "$other" --argjson started "$started" '.init_process_pid = $pid | .init_process_start = $started' \
    "$state" >"$BATS_TEST_TMPDIR/state"
  cp "$state" "$BATS_TEST_TMPDIR/true"
  cat "$BATS_TEST_TMPDIR/state" >"$state"
  run netwire br1 podman:u1/web 0/0
  assert_failure 3
  assert_line --partial 'podman:u1/web: not running'
  cat "$BATS_TEST_TMPDIR/true" >"$state"
  kill -9 "$other"
  as_user podman rm -fa -t 0 >/dev/null 2>&1
}

@test "TAB offers the names of those that run" {
  completion_scripts
  start web >/dev/null
  start ended >/dev/null
  podman kill ended >/dev/null
  assert_offers bash 'netwire br1 podman:' podman:web
}
