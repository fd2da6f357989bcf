# shellcheck shell=bash
# A root of its own: this machine's files, below a layer that holds what a test changes and goes with it. In it a
# package can be installed; the machine's own dpkg knows nothing of it.

# overlay LOWER UPPER ROOT
overlay() {
  mkdir -p "$2" "$2.work" "$3"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$2.work" "$3"
  mount -t proc proc "$3/proc"
  mount -t sysfs sysfs "$3/sys"
  few_devices "$3/dev"
  mount -t tmpfs -o mode=755 tmpfs "$3/run"
  mkdir "$3/run/netns" "$3/run/lock"
}

# No console, and nothing of the machine's.
few_devices() {
  local device
  mount -t tmpfs -o mode=755 tmpfs "$1"
  for device in null zero full random urandom tty; do
    touch "$1/$device"
    mount --bind "/dev/$device" "$1/$device"
  done
  ln -s /proc/self/fd "$1/fd"
  mkdir "$1/shm" "$1/pts"
}

remove_overlay() {
  umount -R "$2"
  rm -rf "$1" "$1.work"
}

in_root() { chroot /run/root env DEBIAN_FRONTEND=noninteractive "$@"; }

# A stand-in for the package nodejs, as this machine's Node may be no package: that one, and nothing else.
# nodejs_package REVISION FOLDER
nodejs_package() {
  local folder=$2/nodejs version
  version=$(node -p 'process.versions.node')-0standin$1
  mkdir -p "$folder/DEBIAN" "$folder/usr/bin"
  cp "$(node -p process.execPath)" "$folder/usr/bin/node"
  printf '%s\n' 'Package: nodejs' "Version: $version" 'Architecture: all' 'Maintainer: nobody <nobody@example.org>' \
    'Description: stand-in for nodejs in a test of netwire' >"$folder/DEBIAN/control"
  dpkg-deb --root-owner-group -Znone --build "$folder" "$2/nodejs$1.deb" >/dev/null
  rm -r "$folder"
}

# changes LOWER UPPER: what a layer has that is not as below it, a path a line
changes() {
  local path below
  (cd "$2" && find . -mindepth 1 -printf '%P\n') | sort | while read -r path; do
    below=$1/$path
    if [ -d "$2/$path" ] && [ ! -L "$2/$path" ]; then
      [ "$(stat -c '%a %u %g' "$2/$path")" = "$(stat -c '%a %u %g' "$below" 2>/dev/null)" ] || echo "$path"
    elif ! { [ "$(stat -c '%F %a %u %g %N' "$2/$path" | sed "s,$2/,,")" = \
      "$(stat -c '%F %a %u %g %N' "$below" 2>/dev/null | sed "s,$1/,,")" ] && cmp -s "$2/$path" "$below"; }; then
      echo "$path"
    fi
  done
}
