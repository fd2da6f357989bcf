# shellcheck shell=bash
# An Open vSwitch of the private host's own: its database and its daemon, below /run.
open_vswitch() {
  need ovsdb-server ovs-vswitchd
  mkdir -p /run/openvswitch
  ovsdb-tool create /run/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
  ovsdb-server /run/openvswitch/conf.db --remote=punix:/var/run/openvswitch/db.sock \
    --pidfile=/run/openvswitch/ovsdb-server.pid --log-file=/run/openvswitch/ovsdb.log --detach 3>&- 2>/dev/null
  ovs-vsctl --no-wait init
  # Version 3.1 forwards nothing in the first 10 s after boot.
  unshare --time --monotonic 100 ovs-vswitchd --pidfile=/run/openvswitch/ovs-vswitchd.pid \
    --log-file=/run/openvswitch/vswitchd.log --detach 3>&- 2>/dev/null
}

ovs_daemon() { cat "/run/openvswitch/$1.pid"; }

# What the switch's database holds, as far as somebody configured it.
ovs_state() {
  ovs-vsctl --columns=name,datapath_type,external_ids list Bridge | sort
  ovs-vsctl --columns=name,tag,trunks,vlan_mode list Port | sort
  ovs-vsctl --columns=name,external_ids,error list Interface | sort
}

eval "$(declare -f teardown | sed '1s/teardown/ovs_host_teardown/')"
teardown() {
  local daemon pid bridge
  if [ -e /run/openvswitch/ovs-vswitchd.pid ]; then
    kill -CONT "$(ovs_daemon ovs-vswitchd)" 2>/dev/null || :
    for bridge in $(ovs-vsctl --timeout=5 list-br); do ovs-vsctl --timeout=5 --if-exists del-br "$bridge"; done
  fi
  for daemon in ovs-vswitchd ovsdb-server; do
    [ -e "/run/openvswitch/$daemon.pid" ] || continue
    pid=$(ovs_daemon "$daemon")
    kill -9 "$pid" 2>/dev/null || :
    while [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do sleep 0.01; done
  done
  rm -rf /run/openvswitch
  ovs_host_teardown
}
