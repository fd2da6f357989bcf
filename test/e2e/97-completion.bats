# What TAB offers, in the real shells. Commands that list containers stand in for docker and podman.
# shellcheck disable=SC2016,SC1003 # for other shells to read

load host
load completion

setup_file() { completion_setup; }

# Of each shell a test of its own.
each_shell() {
  local shell
  for shell in bash zsh fish; do
    bats_test_function --description "$shell: $1" -- "$2" "$shell"
  done
}

# A line's offers have all of these words, or none of them.
has() { run offers "$1" "$2" && shift 2 && for word; do assert_line "$word"; done; }
has_not() { run offers "$1" "$2" && shift 2 && for word; do refute_line "$word"; done; }

verbs() {
  need "$1"
  local verbs
  mapfile -t verbs < <(netwire --help | sed -n '/^Usage/,/^$/s/^  netwire \[*\([a-z]*\).*/\1/p')
  assert_equal "${verbs[0]} ${verbs[1]}" 'add del'
  has "$1" 'netwire ' "${verbs[@]}" help
  has_not "$1" 'netwire ' watch plugin
  assert_offers "$1" 'netwire help ' "${verbs[@]}" help parents containers exit-codes environment
  assert_offers "$1" 'netwire -i lan0 he' help
  has_not "$1" 'netwire add ' add del help
  assert_offers "$1" 'netwire up ' ''
}
each_shell 'the first word is a verb of this release or a parent' verbs

options() {
  need "$1"
  local verb
  local -a flags common
  mapfile -t common < <(flags_of gc | grep -v -- '^\(-n\|--dry-run\)$')
  for verb in add del show exec wait route rule tc batch gc completion help; do
    if [ $verb = help ]; then flags=("${common[@]}"); else mapfile -t flags < <(flags_of $verb); fi
    [ "${#flags[@]}" -gt 8 ]
    assert_offers "$1" "netwire $verb -" "${flags[@]}"
  done
  mapfile -t flags < <(flags_of add)
  assert_offers "$1" 'netwire -' "${flags[@]}"
  assert_offers "$1" 'netwire br1 c1 0/0 --no' --no-firewall
  assert_offers "$1" 'netwire del --json c1 --al' --all
}
flags_of() { netwire help "$1" | sed -n '/^Options/,$p' | grep -oE '^ +(-\w, )?--[a-z-]+' | grep -oE -- '-[-a-z]+|-[A-Z]'; }
each_shell 'each option of each verb is offered, wherever it stands' options

values() {
  need "$1"
  assert_offers "$1" 'netwire --color ' always auto never
  assert_offers "$1" 'netwire show --color=a' --color=always --color=auto
  assert_offers "$1" 'netwire br1 --default-route ' keep take
  assert_offers "$1" 'netwire ovs0 c1 0/0 --ovs-datapath ' netdev system
  assert_offers "$1" 'netwire eth0 c1 -a ' 4 6 inet inet6
  assert_offers "$1" 'netwire --mode ' bridge vepa private passthru source l2 l3 l3s
  assert_offers "$1" 'netwire ipvlan:eth0 c1 0/0 --mode ' l2 l3 l3s
  assert_offers "$1" 'netwire macvlan:eth0 c1 --mode=p' --mode=passthru --mode=private
  assert_offers "$1" 'netwire ipvlan:eth0 --isolation ' bridge private vepa
  assert_offers "$1" 'netwire eth0 --mtu ' ''
  assert_offers "$1" 'netwire completion ' bash fish zsh
  ip link add br7 type bridge
  assert_offers "$1" 'netwire show --parent br' br7
}
each_shell 'the values of options are offered, those that fit the parent' values

parents() {
  need "$1"
  ip link add br7 type bridge
  ip link add lan0 address 02:00:00:00:00:07 type veth peer name vport7
  ip link set vport7 master br7
  has "$1" 'netwire ' br7 lan0 bridge: ovs: macvlan: ipvlan: ipoib: phys: veth: mac: pci:
  # The host end of somebody's veth pair.
  has_not "$1" 'netwire ' lo vport7
  assert_offers "$1" 'netwire --mtu 1400 la' lan0
  assert_offers "$1" 'netwire ipvlan:l' ipvlan:lan0
  assert_offers "$1" 'netwire bridge:' bridge:br7 bridge:mac: bridge:pci:
  has "$1" 'netwire phys:mac:' phys:mac:02:00:00:00:00:07
  # pci: as what this machine has.
  local -a nics=(/sys/bus/pci/devices/*/net)
  nics=("${nics[@]%/net}")
  [ ! -e "${nics[0]}/net" ] || has "$1" 'netwire phys:pci:' "${nics[@]/#*\//phys:pci:}"
}
each_shell 'PARENT is a link of this host, or a kind and one that fits it' parents

containers() {
  need "$1"
  fake docker '[ "$1 $2" = "ps --format" ] && printf "%s\n" web1 web2,db/alias'
  fake podman '[ "$1 $2" = "ps --format" ] && echo pod1'
  touch /run/netns/blue
  mkdir -p /run/systemd/machines /run/runc/raw1 /run/containerd/io.containerd.runtime.v2.task/k8s.io/abcd
  touch /run/systemd/machines/deb
  has "$1" 'netwire br1 ' web1 web2 pod1 blue deb raw1 host docker: netns: pid:
  has_not "$1" 'netwire br1 ' k8s.io/abcd abcd
  assert_offers "$1" 'netwire br1 docker:' docker:web1 docker:web2
  assert_offers "$1" 'netwire br1 podman:' podman:pod1
  assert_offers "$1" 'netwire -n del netns:b' netns:blue
  assert_offers "$1" 'netwire show nspawn:' nspawn:deb
  assert_offers "$1" 'netwire exec runc:' runc:raw1
  assert_offers "$1" 'netwire wait --timeout 3 containerd:' containerd:k8s.io/abcd
  assert_offers "$1" 'netwire veth:web' veth:web1 veth:web2
  assert_offers "$1" 'netwire veth:docker:w' veth:docker:web1 veth:docker:web2
  # A cable has two containers.
  has_not "$1" 'netwire veth:' veth:host
  assert_offers "$1" 'netwire route we' web1 web2
  # What the tool takes is the tool's.
  assert_offers "$1" 'netwire route web1 ' ''
  # IFNAMEs are root's to see.
  assert_offers "$1" 'netwire del web1 ' ''
  [ ! -e /run/completion/started ]
  rm -r /run/systemd /run/runc /run/containerd
}
each_shell 'CONTAINER is one that runs, with its runtime or without; no Node is started' containers


lxc() {
  need "$1" perl
  perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0)
    && bind(S, pack_sockaddr_un("\0/var/lib/lxc/guest7/command")) && listen(S, 5) && sleep 1000' 3>&- &
  PIDS+=("$!")
  until grep -q guest7 /proc/net/unix; do sleep 0.01; done
  assert_offers "$1" 'netwire br1 lxc:' lxc:guest7
}
each_shell 'containers of LXC are seen by their monitors' lxc

elsewhere() {
  need "$1"
  fake docker 'echo far'
  DOCKER_HOST=tcp://192.0.2.1:2375 assert_offers "$1" 'netwire br1 docker:' ''
  DOCKER_HOST=unix:///run/other.sock assert_offers "$1" 'netwire br1 docker:' docker:far
}
each_shell 'an engine on another machine is not asked' elsewhere

dead() {
  need "$1"
  touch /run/netns/blue
  fake docker 'trap "" TERM; sleep 4242 & wait; sleep 4242'
  local begin=$SECONDS
  has "$1" 'netwire br1 ' blue host
  [ $((SECONDS - begin)) -lt 6 ]
  run grep -lszx -e 4242 /proc/[0-9]*/cmdline
  assert_output ''
}
each_shell 'a daemon that hangs costs no more than its time, and nothing stays of it' dead

addresses() {
  need "$1"
  assert_offers "$1" 'netwire br1 c1 ' 0/0 auto dhcp udhcpc dhcpcd dhclient dhcp6 dhclient6 dhcpcd6
  assert_offers "$1" 'netwire add -n br1 c1 10.0.0.1/24@10.0.0.2,dhcpc' \
    10.0.0.1/24@10.0.0.2,dhcpcd 10.0.0.1/24@10.0.0.2,dhcpcd6
  assert_offers "$1" 'netwire br1 c1 10.0.0.1/24,0' ''
  # MAC is anybody's.
  assert_offers "$1" 'netwire br1 c1 0/0 ' ''
}
each_shell 'ADDRESS may be one of the words for what the network gives' addresses

untrusted() {
  need "$1"
  local name
  local -a names=('$(>pwned)' '`>pwned`' ';>pwned' 'a b' "it's" '*' '-x' '"' 'x\' '${x}' '~' '(e)' 'a&b' '[x]' 'a=b')
  for name in "${names[@]}"; do
    : >"/run/netns/$name"
    ip link add "$name" type bridge 2>/dev/null || :
  done
  ip -o link | grep -qF '$(>pwned)'
  : >/run/netns/fine
  printf '%s\n' "${names[@]}" fine >/run/completion/names
  fake docker 'cat /run/completion/names'
  assert_offers "$1" 'netwire br1 docker:' docker:fine
  assert_offers "$1" 'netwire br1 netns:' netns:fine
  assert_offers "$1" 'netwire br1 f' fine
  assert_offers "$1" 'netwire bridge:' bridge:mac: bridge:pci:
  has_not "$1" 'netwire ' "${names[@]}"
  has_not "$1" 'netwire br1 ' "${names[@]}"
  # What the user himself typed is not evaluated before he says so.
  [ "$1" = zsh ] || assert_offers "$1" 'netwire $(>pwned):x $(>pwned)' ''
  assert_equal "$(ls /run/completion/cwd)" ''
}
each_shell 'a name with characters that a shell could take for its own is left out, and none is evaluated' untrusted

files() {
  need "$1"
  mkdir -p /run/completion/cwd/labs
  touch '/run/completion/cwd/labs/one file' /run/netns/blue
  completes_file "$1" 'netwire batch labs/o' 'labs/one file'
  completes_file "$1" 'netwire br1 --dns-file=/run/netns/bl' --dns-file=/run/netns/blue
  completes_file "$1" 'netwire br1 --dns-file /run/netns/bl' /run/netns/blue
  completes_file "$1" 'netwire br1 netns:/run/netns/bl' netns:/run/netns/blue
  completes_file "$1" 'netwire veth:/run/netns/bl' veth:/run/netns/blue
  completes_file "$1" 'netwire del /run/netns/bl' /run/netns/blue
  [ "$1" = fish ] || assert_equal "$(typed "$1" $'netwire batch <labs/o\t')" batch
  rm -r /run/completion/cwd/labs
}
# Files are readline's own to complete, so they are seen on a terminal alone.
completes_file() {
  if [ "$1" = fish ]; then assert_offers "$@"; else assert_equal "$(typed "$1" "$2"$'\t' | tail -n 1)" "$3"; fi
}
each_shell 'a file is completed as the shell does it' files

commands() {
  need "$1"
  fake netwire-test-tool :
  has "$1" 'netwire exec c1 -- netwire-test-' netwire-test-tool
  has "$1" 'netwire exec c1 netwire-test-' netwire-test-tool
  has "$1" 'netwire exec --json c1 --qu' --quiet
  touch /run/netns/blue
  completes_file "$1" 'netwire exec c1 -- ls -l /run/netns/bl' /run/netns/blue
}
each_shell 'exec completes a command and its files, as without netwire' commands

syntax() {
  need "$1"
  "$1" -n "/run/completion/netwire.$1"
}
each_shell 'the script is free of syntax errors' syntax

@test "bash's script is clean to shellcheck" {
  need shellcheck
  shellcheck --shell bash /run/completion/netwire.bash
}

@test "as JSON it is the same script" {
  need jq
  assert_equal "$(netwire completion --json fish | jq -r '.shell, .script')" \
    "$(printf '%s\n' fish "$(netwire completion fish)")"
}

@test "the shell is to be named, and one that there is" {
  run netwire completion
  assert_failure 2
  assert_output $'netwire: completion: SHELL is missing; the shells are bash, zsh, fish\ntry: netwire completion bash'
  run netwire completion tcsh
  assert_failure 2
  assert_output --partial 'unknown shell "tcsh"; the shells are bash, zsh, fish'
  run netwire completion bash zsh
  assert_failure 2
}
