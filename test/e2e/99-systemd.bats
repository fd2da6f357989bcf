# The package's units, under a systemd that is the first process of a machine of its own: the root where the package is
# installed, and this private host's network.
# shellcheck disable=SC2016

load host
load dhcp
load deb

HIERARCHIES=()

# Where systemd keeps its processes: its own hierarchy, or the one of cgroup v2.
hierarchies() { awk '$3 == "cgroup2" || $4 ~ /name=systemd/ { print $2 }' /proc/mounts | grep '^/sys/fs/cgroup'; }

boot() {
  need systemctl
  local hierarchy folder
  # Of this machine's units none begins.
  rm -rf /run/root/{etc,usr/lib}/systemd/system/*.wants /run/root/usr/lib/systemd/system-generators \
    /run/root/etc/fstab /run/root/usr/sbin/policy-rc.d
  printf '%032d\n' 7 >/run/root/etc/machine-id
  mount -t tmpfs tmpfs /run/root/sys/fs/cgroup
  for hierarchy in $(hierarchies); do
    mkdir -p "/run/root$hierarchy"
    mount --bind "$hierarchy" "/run/root$hierarchy"
    folder=$(mktemp -d "$hierarchy/netwire-test.XXXXXX")
    HIERARCHIES+=("$folder")
  done
  in_root systemctl --quiet enable "$@"
  # As a container's first process it may set what is its network's, and nothing of the kernel's own.
  local setup='cd /run/root && mount -t proc proc proc && mount --bind proc/sys proc/sys &&
    mount --bind proc/sys/net proc/sys/net && mount -o remount,bind,ro proc/sys && exec "$@"'
  (
    for folder in "${HIERARCHIES[@]}"; do echo "$BASHPID" >"$folder/cgroup.procs"; done
    exec unshare --cgroup --pid --fork --kill-child --mount sh -c "$setup" sh \
      env -i container=test PATH="$PATH" chroot /run/root /lib/systemd/systemd --system --unit=multi-user.target \
      --log-target=console
  ) </dev/null >/run/systemd.log 2>&1 3>&- &
  MACHINE=$!
  within 50 eval '[ -n "$(children "$MACHINE")" ]'
  SYSTEMD=$(children "$MACHINE" | tr -d ' ')
  within 100 in_machine systemctl is-active multi-user.target
}

in_machine() { nsenter --target "$SYSTEMD" --mount --pid --root -- "$@"; }

# What a unit's property is.
property() { in_machine systemctl show --property="$2" --value "$1"; }

eval "$(declare -f teardown | sed '1s/teardown/deb_teardown/')"
teardown() {
  local folder
  if [ -n "${SYSTEMD:-}" ]; then
    # With the first process all of them go.
    kill -9 "$SYSTEMD" "$MACHINE" 2>/dev/null || :
    wait "$MACHINE" || :
  fi
  for folder in "${HIERARCHIES[@]}"; do
    for _ in $(seq 50); do
      [ -d "$folder" ] || break
      find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done
  deb_teardown
}

# A container that both this host and the machine know by a name.
named() {
  touch "/run/root/run/netns/$1"
  mount --bind "/proc/$2/ns/net" "/run/root/run/netns/$1"
}

batch() { printf '%s\n' "$@" >/run/root/etc/netwire/lab.batch; }

@test "netwire@: at boot what the file says, on reload what is missing, and what it made stays when it is stopped" {
  need udhcpc
  container c1 c2
  dhcp_server
  install_package
  named blue "$c1"
  named green "$c2"
  batch '# two' 'br2 blue 10.0.0.1/24' 'br1 green udhcpc' 'br2 green 10.0.0.2/24 -i lan0'
  boot netwire@lab.service
  within 200 eval '[ "$(property netwire@lab.service ActiveState)" = active ]'
  assert_equal "$(property netwire@lab.service SubState)" exited
  pings "$c1" 10.0.0.2
  run in_container "$c2" ip -4 addr show dev eth1
  assert_output --partial 'inet 10.7.0.'
  in_machine netwire del blue
  in_machine systemctl reload netwire@lab.service
  pings "$c1" 10.0.0.2
  in_machine systemctl stop netwire@lab.service
  pings "$c1" 10.0.0.2
  run in_container "$c2" ip -4 addr show dev eth1
  assert_output --partial 'dynamic'
  [ -n "$(clients)" ]
}

@test "netwire@: a container that comes late is waited for, a line that is wrong is not" {
  container c1
  install_package
  batch 'br2 late 10.0.0.1/24'
  echo 'br2 late 10.0.0.1' >/run/root/etc/netwire/wrong.batch
  mkdir /run/root/etc/systemd/system/netwire@.service.d
  printf '[Service]\nRestartSec=1\n' >/run/root/etc/systemd/system/netwire@.service.d/soon.conf
  boot netwire@lab.service netwire@wrong.service
  within 100 eval '[ "$(property netwire@lab.service NRestarts)" -ge 1 ]'
  # systemd's own mounts are private to it.
  in_machine touch /run/netns/late
  nsenter --target "$SYSTEMD" --mount mount --bind "/proc/$c1/ns/net" /run/root/run/netns/late
  within 100 eval '[ "$(property netwire@lab.service ActiveState)" = active ]'
  run in_container "$c1" ip -4 addr show dev eth1
  assert_output --partial 'inet 10.0.0.1/24'
  assert_equal "$(property netwire@wrong.service NRestarts)" 0
  assert_equal "$(property netwire@wrong.service ExecMainStatus)" 2
}

@test "netwire-gc: nobody's by itself; it collects; a purge ends its timer and leaves no link to it" {
  container c1
  install_package
  named blue "$c1"
  batch 'br2 blue 10.0.0.1/24'
  boot netwire@lab.service
  within 200 eval '[ "$(property netwire@lab.service ActiveState)" = active ]'
  assert_equal "$(property netwire-gc.timer UnitFileState)" disabled
  assert_equal "$(property netwire-gc.timer ActiveState)" inactive
  in_machine systemctl --quiet enable --now netwire-gc.timer
  assert_equal "$(property netwire-gc.timer ActiveState)" active
  kill -9 "$c1"
  in_machine umount /run/netns/blue
  in_machine rm /run/netns/blue
  umount /run/root/run/netns/blue 2>/dev/null || :
  within 50 eval '! ip link show type veth | grep pl'
  ip link show dev br2
  in_machine systemctl start netwire-gc.service
  assert_equal "$(property netwire-gc.service Result)" success
  run ip link show dev br2
  assert_failure
  # The batch file is the administrator's.
  run in_machine dpkg -P netwire
  assert_success
  assert_output --partial "directory '/etc/netwire' not empty"
  run find /run/root/etc/systemd/system /run/root/usr/lib/systemd -name 'netwire*'
  assert_output ''
  run in_machine systemctl list-units --all --no-legend 'netwire*'
  refute_output --partial ' active '
}
