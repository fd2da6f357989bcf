# Against real systemd-nspawn, without a machined to register with; machined's files are as it writes them.

load machine

setup_file() {
  command -v systemd-nspawn >/dev/null || return 0
  rootfs /var/lib/machines/web
  cp -a /var/lib/machines/web /var/lib/machines/db
}

setup() {
  PIDS=()
  need systemd-nspawn
}

teardown() {
  pkill -9 -x systemd-nspawn || :
  until_true gone
  # One that was killed leaves its directory, by which a name is completed.
  rm -rf /run/systemd/machines /run/systemd/nspawn/propagate /run/systemd/nspawn/unix-export
  ip link del br1 2>/dev/null || :
}
gone() { ! pgrep -x -r D,R,S systemd-nspawn; }

start() {
  systemd-nspawn --register=no --keep-unit --private-network -M "$1" -D "/var/lib/machines/$1" /bin/sleep 100000 \
    >/dev/null 2>&1 3>&- </dev/null &
  local nspawn=$!
  disown
  until_true runs_sleep "$nspawn"
}
runs_sleep() { [ "$(cat "/proc/$(children "$1" | tr -d ' ')/comm")" = sleep ]; }
pid_of() { children "$(pgrep -f "systemd-nspawn .*-M $1 ")" | tr -d ' '; }

@test "by name, attached, stopped, started again, unknown" {
  start web
  start db
  first=$(pid_of web)
  assert_found web nspawn:web "$first"
  assert_found nspawn:web nspawn:web "$first"
  assert_ping web db
  run netwire show
  assert_success
  kill -9 "$first"
  until_true test ! -e /run/systemd/nspawn/propagate/web
  assert_refused web 'netwire: nspawn:web: not running (stopped)' 'try: machinectl start web'
  start web
  [ "$(pid_of web)" != "$first" ]
  assert_found web nspawn:web "$(pid_of web)"
  assert_refused wbe 'netwire: container wbe: no such container' 'try: did you mean web?'
}

@test "what machined wrote: a container's leader, no virtual machine" {
  container leader
  mkdir -p /run/systemd/machines
  printf '%s\n' '# This is private data. Do not parse.' 'NAME=reg' 'SERVICE=systemd-nspawn' \
    "LEADER=$leader" 'CLASS=container' >/run/systemd/machines/reg
  sed 's/NAME=reg/NAME=vm1/; s/CLASS=container/CLASS=vm/' /run/systemd/machines/reg >/run/systemd/machines/vm1
  assert_found reg nspawn:reg "$leader"
  assert_refused vm1 'netwire: container vm1: no such container' 'try: netwire show'
  kill -9 "$leader"
}

@test "TAB offers the names of those that run" {
  completion_scripts
  start web
  assert_offers bash 'netwire br1 nspawn:' nspawn:web
}
