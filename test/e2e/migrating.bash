# shellcheck shell=bash
# The table of docs/migrating-from-pipework.md: each line under its old name's words, then in its new ones.

# rows SET: the table's rows of a set, the old line and the new one with a tab between them
# shellcheck disable=SC2016 # the document's own backticks
rows() {
  sed -n 's/^| `\(pipework [^`]*\)` | `\(netwire [^`]*\)` |.*/\1\t\2/p' "$NETWIRE_ROOT/docs/migrating-from-pipework.md" |
    while IFS=$'\t' read -r old new; do
      [ "$(set_of "$old")" != "$1" ] || printf '%s\t%s\n' "$old" "$new"
    done
}

# What a row needs: Open vSwitch, InfiniBand, drivers that a kernel may lack, or nothing of that.
set_of() {
  case $1 in
    'pipework ovs'*) echo ovs ;;
    'pipework ib'*) echo infiniband ;;
    'pipework dummy'* | *@20) echo drivers ;;
    *) echo plain ;;
  esac
}

# A LAN behind eth0 with a DHCP server, a NIC eth3, and a container c1 that has a default route.
migrating_host() {
  container LAN
  ip link add eth0 address 02:00:00:00:00:e0 type veth peer name eth0 netns "$LAN"
  ip link add eth3 address 02:00:00:00:00:e3 type veth peer name port3
  ip link set eth0 up
  ip link set eth3 up
  ip link set port3 up
  in_container "$LAN" ip link set eth0 up
  in_container "$LAN" ip addr add 10.1.1.254/24 dev eth0
  ip netns add c1
  ip -n c1 link add up0 type veth peer name up1
  ip -n c1 addr add 172.17.0.2/16 dev up0
  ip -n c1 link set up0 up
  ip -n c1 link set up1 up
  ip -n c1 route add default via 172.17.0.1
}

lan_dhcp_server() {
  mkdir -p /run/dhcp
  nsenter --target "$LAN" --net dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --no-ping \
    --pid-file= --dhcp-leasefile=/run/dhcp/leases --dhcp-range=10.1.1.50,10.1.1.90,255.255.255.0,120 3>&- &
  PIDS+=("$!")
}

# Runs a line of either column; what waits in a container is run there.
run_line() {
  local words=${1#* }
  case $words in
    --wait*) run timeout 10 nsenter --net=/run/netns/c1 bash -c "node '$NETWIRE_ROOT/bin/netwire' $words" ;;
    *) run timeout 60 bash -c "node '$NETWIRE_ROOT/bin/netwire' $words" ;;
  esac
  [ "$status" = 0 ] || fail "$1: $output"
}

# What a row may change: links, addresses and routes of host and container.
migrating_state() {
  ip -br link | sed -E 's/ +(UP|DOWN|UNKNOWN|LOWERLAYERDOWN) .*//; s/@.*//'
  ip -n c1 -br link | sed -E 's/ +(UP|DOWN|UNKNOWN|LOWERLAYERDOWN) .*//; s/@.*//'
  ip -n c1 route
  ip -n c1 -6 route | grep -v fe80
  ip -n c1 rule
  ip -n c1 -6 rule
}

# check_row OLD NEW: the old words do it, the new ones find nothing left to do, del takes it back; other words do it too.
check_row() {
  local old=$1 new=$2 before line force=
  before=$(migrating_state)
  # Veth pairs stand in for NICs.
  case $new in *phys:*) force=--force ;; esac
  case $new in
    'netwire wait '*)
      netwire -q br1 c1 192.168.1.1/24
      run_line "$old"
      run_line "$new"
      netwire -q del c1
      ;;
    'netwire route '* | 'netwire rule '* | 'netwire tc '*)
      run_line "$new"
      [ "$old" = "pipework ${new#netwire }" ] || fail "$old: its words are others"
      netwire exec c1 -- sh -c 'ip route flush 10.70.0.0/16; ip rule del table 1 2>/dev/null; tc qdisc del dev up0 root 2>/dev/null; :'
      ;;
    *)
      run_line "$old"
      run_line "$new"
      assert_output --partial 'nothing to do'
      netwire -q del $force c1
      if [ "${old#pipework }" != "${new#netwire }" ]; then
        assert_equal "$(migrating_state)" "$before"
        run_line "$new"
        netwire -q del $force c1
      fi
      ;;
  esac
  assert_equal "$(migrating_state)" "$before"
}

# check_rows SET NUMBER: as many as that, or the table has changed
check_rows() {
  local old new count=0
  while IFS=$'\t' read -r old new <&9; do
    check_row "$old" "$new"
    count=$((count + 1))
  done 9< <(rows "$1")
  assert_equal "$count" "$2"
}
