# shellcheck shell=bash
# A Docker daemon for a file of tests, on a host of its own: RUNTIMES_NETNS.

setup_file() {
  command -v dockerd >/dev/null || return 0
  export RUNTIMES_STATE=$BATS_FILE_TMPDIR RUNTIMES_NETNS RUNTIMES_NO_APT=1
  export RUNTIMES_DOCKER_SOCK=$BATS_FILE_TMPDIR/docker.sock
  export DOCKER_HOST=unix://$RUNTIMES_DOCKER_SOCK
  "$NETWIRE_ROOT/test/lab/runtimes-up" docker 3>&- >&2
}

teardown_file() {
  [ -n "${RUNTIMES_STATE:-}" ] || return 0
  "$NETWIRE_ROOT/test/lab/runtimes-down" 3>&- >&2
  umount "$RUNTIMES_STATE"/docker-run/netns/*
  rmdir /sys/fs/cgroup/*/docker 2>/dev/null || :
}
