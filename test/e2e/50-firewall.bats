load host

@test "where FORWARD drops bridged frames it pings, and the rule goes with the bridge" {
  need iptables ip6tables
  container A B
  iptables -P FORWARD DROP
  ip6tables -P FORWARD DROP
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24,fd00::1/64
  netwire br1 "$B" 10.0.0.2/24,fd00::2/64
  run iptables -S FORWARD
  assert_line '-A FORWARD -i br1 -o br1 -m comment --comment netwire -j ACCEPT'
  assert_equal "$(iptables -S FORWARD | grep -c netwire)" 1
  pings "$A" 10.0.0.2
  pings "$A" fd00::2
  netwire del "$A"
  pings_not_yet=$(iptables -S FORWARD | grep -c netwire)
  assert_equal "$pings_not_yet" 1
  netwire del "$B"
  assert_same_state "$before"
}

@test "the rule is in the plan, and --no-firewall leaves it out" {
  need iptables ping
  container A B
  iptables -P FORWARD DROP
  run netwire -n br1 "$A" 10.0.0.1/24
  assert_line 'iptables -w -I FORWARD -i br1 -o br1 -m comment --comment netwire -j ACCEPT'
  netwire --no-firewall br1 "$A" 10.0.0.1/24
  netwire --no-firewall br1 "$B" 10.0.0.2/24
  run pings "$A" 10.0.0.2
  assert_failure
}

@test "Docker's own chain is used where there is one" {
  need iptables
  container A
  iptables -P FORWARD DROP
  iptables -N DOCKER-USER
  iptables -A DOCKER-USER -j RETURN
  iptables -A FORWARD -j DOCKER-USER
  before=$(state)
  netwire br1 "$A" 10.0.0.1/24
  run iptables -S DOCKER-USER
  assert_line --index 1 '-A DOCKER-USER -i br1 -o br1 -m comment --comment netwire -j ACCEPT'
  netwire del "$A"
  assert_same_state "$before"
}

@test "somebody else's bridge gets a warning that names the rule, and no rule" {
  need iptables
  container A
  ip link add lan0 type bridge
  ip link set lan0 up
  iptables -P FORWARD DROP
  run --separate-stderr netwire lan0 "$A" 10.0.0.1/24
  assert_success
  assert_equal "$stderr" "netwire: lan0: the host's firewall (iptables, FORWARD policy DROP) drops what it forwards; try: iptables -I FORWARD -i lan0 -o lan0 -j ACCEPT"
  run iptables -S FORWARD
  refute_output --partial lan0
}

@test "a firewall that closed after the bridge was made is opened by the next attachment" {
  need iptables
  container A B
  netwire br1 "$A" 10.0.0.1/24
  # What a Docker daemon does when it starts.
  echo 1 >/proc/sys/net/ipv4/ip_forward
  iptables -P FORWARD DROP
  netwire br1 "$B" 10.0.0.2/24
  pings "$A" 10.0.0.2
  netwire del "$A"
  netwire del "$B"
  run iptables -S FORWARD
  assert_output '-P FORWARD DROP'
  echo 0 >/proc/sys/net/ipv4/ip_forward
}

@test "on a host that routes the firewall is asked once the lock is had, and no sooner" {
  need iptables ip6tables
  container A B
  echo 1 >/proc/sys/net/ipv4/ip_forward
  netwire br1 "$A" 10.0.0.1/24
  flock /run/netwire.lock sleep 30 3>&- &
  local holder=$!
  until ! flock -n /run/netwire.lock true; do sleep 0.01; done
  netwire br1 "$B" 10.0.0.2/24 3>&- &
  local waiting=$!
  sleep 0.5
  iptables -P FORWARD DROP
  pkill -P "$holder" sleep
  wait "$waiting"
  assert_equal "$(iptables -S FORWARD | grep -c netwire)" 1
  pings "$A" 10.0.0.2
  echo 0 >/proc/sys/net/ipv4/ip_forward
}

@test "on a host that routes a firewall that cannot be asked is told of" {
  need iptables ip6tables
  container A
  echo 1 >/proc/sys/net/ipv4/ip_forward
  local real
  real=$(readlink -f "$(command -v iptables)")
  printf '#!/bin/sh\necho "cannot: Permission denied" >&2\nexit 4\n' >/run/iptables
  chmod +x /run/iptables
  mount --bind /run/iptables "$real"
  run --separate-stderr netwire br1 "$A" 10.0.0.1/24
  umount "$real"
  echo 0 >/proc/sys/net/ipv4/ip_forward
  assert_success
  # The one that its addresses pass is asked early, the other one for whoever comes later.
  assert_equal "$stderr" "netwire: br1: whether the host's firewall lets it forward is not known (iptables: cannot: Permission denied)
netwire: br1: whether the host's firewall lets it forward is not known (ip6tables: cannot: Permission denied)"
}

@test "on a host that routes an iptables that cannot be started is told of as well" {
  need iptables ip6tables
  container A B
  netwire br1 "$A" 10.0.0.1/24
  echo 1 >/proc/sys/net/ipv4/ip_forward
  local real
  real=$(readlink -f "$(command -v iptables)")
  # What ld.so says, with its status.
  printf '#!/bin/sh\necho "libxtables.so: cannot open shared object file" >&2\nexit 127\n' >/run/iptables
  chmod +x /run/iptables
  mount --bind /run/iptables "$real"
  run --separate-stderr netwire br1 "$B" 10.0.0.2/24
  umount "$real"
  echo 0 >/proc/sys/net/ipv4/ip_forward
  assert_success
  assert_equal "$stderr" "netwire: br1: whether the host's firewall lets it forward is not known (iptables: libxtables.so: cannot open shared object file)"
}

@test "a firewall that closes while a runtime is waited for is opened" {
  need iptables
  container A
  echo 1 >/proc/sys/net/ipv4/ip_forward
  # A Docker that starts as it is asked.
  cat >/run/docker.js <<'JS'
const { execFileSync } = require('node:child_process');
let isUp = false;
require('node:http').createServer((_, answer) => setTimeout(() => {
  if (!isUp) execFileSync('iptables', ['-P', 'FORWARD', 'DROP']);
  isUp = true;
  answer.setHeader('Content-Type', 'application/json');
  answer.end(JSON.stringify({ Id: 'a'.repeat(64), Name: '/c1', State: { Pid: Number(process.argv[2]), Status: 'running' } }));
}, isUp ? 0 : 1000)).listen('/run/late.sock');
JS
  node /run/docker.js "$A" 3>&- &
  local docker=$!
  until [ -S /run/late.sock ]; do sleep 0.01; done
  DOCKER_HOST=unix:///run/late.sock netwire br1 docker:c1 10.0.0.1/24
  kill "$docker"
  assert_equal "$(iptables -S FORWARD | grep -c netwire)" 1
  netwire del "$A" || netwire gc
  iptables -P FORWARD ACCEPT
  echo 0 >/proc/sys/net/ipv4/ip_forward
}

@test "a signal while the firewall is asked leaves no process, and the lock to others" {
  need iptables
  container A
  echo 1 >/proc/sys/net/ipv4/ip_forward
  local real
  real=$(readlink -f "$(command -v iptables)")
  # Somebody has its lock for long.
  printf '#!/bin/sh\nexec sleep 30.5\n' >/run/iptables
  chmod +x /run/iptables
  mount --bind /run/iptables "$real"
  node "$NETWIRE_ROOT/bin/netwire" br1 "$A" 10.0.0.1/24 3>&- &
  local netwire=$!
  until pgrep -f '^sleep 30.5' >/dev/null; do sleep 0.01; done
  # It is heard when Node has got that far.
  sleep 0.5
  kill -INT "$netwire"
  local ended=0
  wait "$netwire" || ended=$?
  assert_equal "$ended" 130
  umount "$real"
  echo 0 >/proc/sys/net/ipv4/ip_forward
  run pgrep -f '^sleep 30.5'
  assert_failure
  flock -n /run/netwire.lock true
}

@test "a rule that the firewall refuses undoes the attachment" {
  need iptables
  container A
  iptables -P FORWARD DROP
  before=$(state)
  real=$(readlink -f "$(command -v iptables)")
  cp "$real" /run/real-iptables
  cat >/run/iptables <<'SH'
#!/bin/bash
[[ " $* " != *' -I '* ]] || { echo "iptables: No chain/target/match by that name." >&2; exit 1; }
exec -a "$0" /run/real-iptables "$@"
SH
  chmod +x /run/iptables
  mount --bind /run/iptables "$real"
  run netwire br1 "$A" 10.0.0.1/24
  umount "$real"
  assert_failure 1
  assert_line --partial 'No chain/target/match by that name.; everything was undone'
  assert_same_state "$before"
}
