# Against real LXD.

load machine

export LXD_DIR=/var/lib/lxd

# Where standard input is no terminal, it waits for a configuration there.
lxc() { command lxc "$@" </dev/null; }

setup_file() {
  command -v lxd >/dev/null || return 0
  lxd --group root >/run/lxd.log 2>&1 3>&- &
  echo $! >/run/lxd.pid
  until_true lxc query /1.0
  lxd init --preseed <<'YAML' >&2
storage_pools: [{name: default, driver: dir}]
profiles: [{name: default, devices: {root: {type: disk, path: /, pool: default}}}]
YAML
  rootfs /run/image/rootfs
  ln -sf busybox /run/image/rootfs/bin/init
  echo '::sysinit:/bin/true' >/run/image/rootfs/etc/inittab
  echo '{architecture: x86_64, creation_date: 1700000000, properties: {os: busybox}}' >/run/image/metadata.yaml
  tar -C /run/image -czf /run/image.tgz metadata.yaml rootfs
  lxc -q image import /run/image.tgz --alias test
}

teardown_file() {
  [ ! -e /run/lxd.pid ] || kill -9 "$(cat /run/lxd.pid)"
  forget_cgroups 'lxc.*.lab_far'
}

setup() {
  PIDS=()
  need lxd lxc jq
}

teardown() {
  local name
  for name in $(lxc list -c n -f csv); do lxc -q delete -f "$name"; done
  ip link del br1 2>/dev/null || :
}

launch() { lxc -q launch test "$@" 3>&- 2>/dev/null; }
pid_of() { lxc query "/1.0/instances/$1/state?project=${2:-default}" | jq .pid; }

@test "by name, attached (one of them unprivileged), stopped, started again, unknown" {
  launch web
  launch db -c security.privileged=true
  first=$(pid_of web)
  assert_found web lxd:web "$first"
  assert_found lxd:web lxd:web "$first"
  assert_ping web lxd:db
  run netwire show
  assert_success
  lxc -q stop -f web
  assert_refused web 'netwire: lxd:web: not running (stopped)' 'try: lxc start web'
  lxc -q start web 3>&-
  [ "$(pid_of web)" != "$first" ]
  assert_found web lxd:web "$(pid_of web)"
  assert_refused wbe 'netwire: container wbe: no such container' 'try: did you mean web?'
}

@test "in another project" {
  lxc -q project create lab -c features.images=false -c features.profiles=false
  launch far --project lab
  assert_found far lxd:lab/far "$(pid_of far lab)"
  assert_found lxd:lab/far lxd:lab/far "$(pid_of far lab)"
  launch far
  assert_refused far 'netwire: container far: there are several: lxd:far, lxd:lab/far' 'try: lxd:far'
  lxc -q delete -f far --project lab
}
