# Against real LXC: privileged and not, in its usual directory and in another one.

load machine

LXC=/var/lib/lxc

setup_file() {
  command -v lxc-start >/dev/null || return 0
  rootfs /run/rootfs
}

teardown_file() { forget_cgroups lxc.pivot; }

setup() {
  PIDS=()
  need lxc-start lxc-info
}

teardown() {
  local config path
  for config in "$LXC"/*/config /run/elsewhere/*/config; do
    [ -e "$config" ] || continue
    path=$(dirname "$config")
    lxc-stop -P "$(dirname "$path")" -n "$(basename "$path")" -k 2>/dev/null || :
    rm -rf "$path"
  done
  ip link del br1 2>/dev/null || :
}

# define DIRECTORY NAME [LINE...]
define() {
  mkdir -p "$1/$2"
  printf '%s\n' "lxc.uts.name = $2" 'lxc.rootfs.path = dir:/run/rootfs' 'lxc.net.0.type = empty' \
    'lxc.init.cmd = /bin/sleep 100000' 'lxc.mount.auto = proc:mixed sys:ro' "${@:3}" >"$1/$2/config"
}
start() {
  define "$@"
  lxc-start -P "$1" -n "$2" 3>&-
}
pid_of() { lxc-info -P "$1" -n "$2" -p -H; }

@test "by name, attached, frozen, stopped, started again, unknown" {
  start "$LXC" web
  start "$LXC" db
  first=$(pid_of "$LXC" web)
  assert_found web lxc:web "$first"
  assert_ping lxc:web db
  lxc-freeze -n web
  assert_found web lxc:web "$first"
  lxc-unfreeze -n web
  lxc-stop -n web -k
  assert_refused web 'netwire: lxc:web: not running (stopped)' 'try: lxc-start -n web'
  lxc-start -n web 3>&-
  [ "$(pid_of "$LXC" web)" != "$first" ]
  assert_found web lxc:web "$(pid_of "$LXC" web)"
  assert_refused wbe 'netwire: container wbe: no such container' 'try: did you mean web?'
}

@test "in another directory: by its path, by NETWIRE_LXCPATH, by name while it runs" {
  start /run/elsewhere far
  pid=$(pid_of /run/elsewhere far)
  assert_found lxc:/run/elsewhere/far lxc:/run/elsewhere/far "$pid"
  assert_found far lxc:/run/elsewhere/far "$pid"
  NETWIRE_LXCPATH=/run/elsewhere assert_found far lxc:far "$pid"
  start "$LXC" far
  assert_refused far 'netwire: container far: there are several: lxc:far, lxc:/run/elsewhere/far' 'try: lxc:far'
  run netwire show --json
  assert_success
}

@test "lxc.conf says where" {
  mkdir -p /run/etc-lxc
  echo 'lxc.lxcpath = /run/elsewhere' >/run/etc-lxc/lxc.conf
  mount --bind /run/etc-lxc /etc/lxc
  define /run/elsewhere down
  assert_refused down 'netwire: lxc:down: not running (stopped)' 'try: lxc-start -n down'
  umount /etc/lxc
}

@test "an unprivileged container, whose root is nobody outside" {
  chmod 755 /run/rootfs
  start "$LXC" web 'lxc.idmap = u 0 200000 65536' 'lxc.idmap = g 0 200000 65536' 'lxc.mount.auto ='
  start "$LXC" db
  run cat "/proc/$(pid_of "$LXC" web)/uid_map"
  assert_output --partial 200000
  assert_ping web db
}

@test "a socket of anybody's that bears a container's name does not make it run" {
  need perl
  define "$LXC" web
  container other
  # What the monitor answers to lxc-info: an int, its padding, and the PID where a pointer's place is.
  # shellcheck disable=SC2016 # perl's own
  perl -MSocket -e '$< = $> = 65534;
    socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un("\0/var/lib/lxc/web/command")) && listen(S, 5) or die;
    while (accept(C, S)) { sysread(C, $asked, 4096); syswrite(C, pack("llq", 0, 0, $ARGV[0])); close C }' "$other" 3>&- &
  fake=$!
  disown
  until_true grep -q /var/lib/lxc/web/command /proc/net/unix
  run netwire --timeout 0.5 br1 web 0/0
  kill -9 "$fake" "$other"
  assert_failure
  refute_output --partial 'bridge br1: made'
}

@test "a directory that others may write in has no containers, and lxc-info is not run for it" {
  need perl
  container other
  mkdir -p /var/tmp/netwire-shop
  printf 'lxc.log.file=/run/pwned\nlxc.log.level=DEBUG\n' >/var/tmp/netwire-shop/config
  # shellcheck disable=SC2016 # perl's own
  perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0)
    && bind(S, pack_sockaddr_un("\0/var/tmp/netwire-shop/command")) && listen(S, 5) or die;
    while (accept(C, S)) { sysread(C, $asked, 4096); syswrite(C, pack("llq", 0, 0, $ARGV[0])); close C }' "$other" 3>&- &
  fake=$!
  disown
  until_true grep -q netwire-shop/command /proc/net/unix
  run netwire --timeout 0.5 br1 netwire-shop 0/0
  kill -9 "$fake" "$other"
  rm -r /var/tmp/netwire-shop
  assert_failure 3
  assert_output 'netwire: container netwire-shop: no such container
try: netwire show'
  [ ! -e /run/pwned ]
}

@test "a monitor that does not answer costs the timeout, and is named" {
  start "$LXC" web
  monitor=$(ps -o ppid= -p "$(pid_of "$LXC" web)")
  kill -STOP "$monitor"
  run netwire --timeout 0.5 br1 web 0/0
  kill -CONT "$monitor"
  assert_failure 1
  assert_output 'netwire: lxc: lxc-info of /var/lib/lxc/web: no answer within 0.5 s'
}

@test "TAB offers the names of those that run" {
 completion_scripts
 start "$LXC" web
 start "$LXC" ended
 lxc-stop -n ended -k
 assert_offers bash 'netwire br1 lxc:' lxc:web
}
