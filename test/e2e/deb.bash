# shellcheck shell=bash
# The Debian package, to be installed in a root of its own (root.bash).

load root

PACKAGE=/run/deb/netwire.deb
CACHE=/usr/lib/netwire/dist/netwire.cache

setup_file() {
  need dpkg-deb dpkg git
  # To mount a layer over all of the machine, and to give files to everybody who has some in the package database.
  [ "$(awk '{ print $3 }' /proc/self/uid_map)" = 4294967295 ] || {
    [ "${NETWIRE_TEST_REQUIRE:-}" != all ] || fail 'installing a package needs root'
    skip 'installing a package needs root'
  }
  mkdir -p /run/deb
  dpkg_state >/run/deb/machine
  node "$NETWIRE_ROOT/src/deb/make.mjs" /run/deb 2>/run/deb/said
  mv /run/deb/netwire_*_all.deb "$PACKAGE"
  nodejs_package 1 /run/deb
  nodejs_package 2 /run/deb
  # What is installed before.
  overlay / /run/upper.base /run/root
  share
  in_root dpkg -i /run/deb/nodejs1.deb >/dev/null 2>&1
  umount -R /run/root
}

# The packages, at the same place there.
share() {
  mkdir /run/root/run/deb
  mount --bind /run/deb /run/root/run/deb
}

dpkg_state() { cat /var/lib/dpkg/status /var/log/dpkg.log /var/log/alternatives.log 2>/dev/null | sha256sum; }

setup() {
  PIDS=()
  overlay /run/upper.base:/ /run/upper /run/root
  # As the layer is found: all that is below it.
  mkdir -p /run/below
  mount -t overlay overlay -o lowerdir=/run/upper.base:/ /run/below
  share
}

eval "$(declare -f teardown | sed '1s/teardown/host_teardown/')"
teardown() {
  host_teardown
  umount /run/below
  remove_overlay /run/upper /run/root
}

install_package() {
  # Also where this machine leaves documents out.
  run in_root dpkg --path-include='/usr/share/*' -i "$PACKAGE"
  assert_success
  refute_output --partial 'without its code cache'
}
