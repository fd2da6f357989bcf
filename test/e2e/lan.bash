# shellcheck shell=bash
# A stand-in for a NIC with a LAN behind it: nic0, whose far end is a port of the bridge lan0, where
# the container PEER has 10.1.0.100 and fd01::100.
lan() {
  container PEER
  ip link add nic0 type veth peer name port0
  ip link add lan0 address 02:00:00:00:00:1a type bridge
  ip link set port0 master lan0 up
  ip link set lan0 up
  ip link set nic0 up
  ip link add portp master lan0 type veth peer name eth0 netns "$PEER"
  ip link set portp up
  in_container "$PEER" ip link set eth0 up
  in_container "$PEER" ip addr add 10.1.0.100/24 dev eth0
  in_container "$PEER" ip addr add fd01::100/64 dev eth0 nodad
}

# A VLAN of the LAN, in which PEER has an address.
lan_vlan() {
  in_container "$PEER" ip link add link eth0 name "eth0.$1" type vlan id "$1"
  in_container "$PEER" ip addr add "$2" dev "eth0.$1"
  in_container "$PEER" ip link set "eth0.$1" up
}
