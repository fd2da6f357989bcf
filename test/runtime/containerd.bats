# Against real containerd: its own containers in several namespaces, and pods made by its CRI.

load machine

SOCKET=/run/containerd/containerd.sock
IMAGE=docker.io/library/test:latest

setup_file() {
  command -v containerd >/dev/null && command -v ctr >/dev/null && command -v jq >/dev/null || return 0
  network
  cat >/run/containerd.toml <<'TOML'
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/library/test:latest"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/run/cni/bin"
    conf_dir = "/run/cni/net.d"
TOML
  containerd --config /run/containerd.toml >/run/containerd.log 2>&1 3>&- &
  echo $! >/run/containerd.pid
  image
  until_true ctr version
  ctr -n default images import /run/image.tar >&2
  ctr -n lab images import /run/image.tar >&2
  ctr -n k8s.io images import /run/image.tar >&2
}

teardown_file() {
  [ ! -e /run/containerd.pid ] || kill -9 "$(cat /run/containerd.pid)"
  pkill -9 -P 1 containerd-shim || :
  forget_cgroups default
  forget_cgroups lab
  forget_cgroups k8s.io
}

# An image in Docker's form, of one layer.
image() {
  local layer
  rootfs /run/rootfs
  mkdir -p /run/image
  tar -C /run/rootfs -cf /run/image/layer.tar .
  layer=$(sha256sum </run/image/layer.tar)
  jq -n --arg layer "sha256:${layer%% *}" '{architecture: "amd64", os: "linux",
    config: {Cmd: ["sleep", "100000"], Env: ["PATH=/bin"]}, rootfs: {type: "layers", diff_ids: [$layer]}}' \
    >/run/image/config.json
  jq -n --arg name "$IMAGE" '[{Config: "config.json", RepoTags: [$name], Layers: ["layer.tar"]}]' >/run/image/manifest.json
  tar -C /run/image -cf /run/image.tar .
}

# A pod's network by a plugin that gives it no more than it is asked to tell.
network() {
  mkdir -p /run/cni/bin /run/cni/net.d
  cat >/run/cni/bin/nothing <<'SH'
#!/bin/sh
cat >/dev/null
case $CNI_COMMAND in
  VERSION) echo '{"cniVersion":"0.4.0","supportedVersions":["0.3.1","0.4.0"]}' ;;
  ADD) echo "{\"cniVersion\":\"0.4.0\",\"interfaces\":[{\"name\":\"$CNI_IFNAME\",\"sandbox\":\"$CNI_NETNS\"}],
    \"ips\":[{\"version\":\"4\",\"address\":\"10.1.0.2/24\",\"interface\":0}]}" ;;
esac
SH
  chmod +x /run/cni/bin/nothing
  cp /run/cni/bin/nothing /run/cni/bin/loopback
  echo '{"cniVersion":"0.4.0","name":"test","plugins":[{"type":"nothing"}]}' >/run/cni/net.d/10-test.conflist
}

setup() {
  PIDS=()
  need containerd ctr jq
}

teardown() {
  unset CONTAINERD_ADDRESS
  local namespace id
  for namespace in default lab; do
    for id in $(ctr -n "$namespace" tasks ls -q); do ctr -n "$namespace" tasks rm -f "$id" >/dev/null; done
    for id in $(ctr -n "$namespace" containers ls -q); do ctr -n "$namespace" containers rm "$id"; done
  done
  ip link del br1 2>/dev/null || :
}

start() { ctr -n "$1" run -d "$IMAGE" "$2" 3>&-; }
pid_of() { ctr -n "$1" tasks ls | awk -v id="$2" '$1 == id { print $2 }'; }
pod() { node --import tsx "$NETWIRE_ROOT/test/runtime/cri-pod.ts" "$@" 3>&-; }

@test "by ID in whatever namespace, attached, stopped, started again, unknown" {
  start default web
  start lab db
  first=$(pid_of default web)
  assert_found web containerd:default/web "$first"
  assert_found containerd:web containerd:default/web "$first"
  assert_found containerd:lab/db containerd:lab/db "$(pid_of lab db)"
  assert_ping web db
  run netwire show
  assert_success
  ctr tasks kill -s KILL web
  until_true sh -c 'ctr tasks ls | grep -q STOPPED'
  assert_refused web 'netwire: containerd:default/web: not running (stopped)' 'try: ctr -n default tasks start -d web'
  ctr tasks rm web
  ctr tasks start -d web 3>&-
  assert_found web containerd:default/web "$(pid_of default web)"
  assert_refused wbe 'netwire: container wbe: no such container' 'try: did you mean web?'
}

@test "the same ID in two namespaces is refused, with both names" {
  start default web
  start lab web
  assert_refused web 'netwire: container web: there are several: containerd:default/web, containerd:lab/web' \
    'try: containerd:default/web'
}

@test "one that has no process yet is known by the daemon alone, and waited for" {
  ctr containers create "$IMAGE" new
  assert_refused new 'netwire: containerd:default/new: not running (created)' 'try: ctr -n default tasks start -d new'
  (sleep 0.7; ctr tasks start -d new) 3>&- &
  run netwire br1 new 10.9.0.1/24
  assert_success
  wait
}

@test "a daemon whose state is elsewhere, by CONTAINERD_ADDRESS" {
  start default web
  mkdir -p /run/far
  ln -sf "$SOCKET" /run/far/containerd.sock
  export CONTAINERD_ADDRESS=/run/far/containerd.sock
  assert_found web containerd:default/web "$(pid_of default web)"
  export CONTAINERD_ADDRESS=tcp://10.0.0.1:1
  run netwire br1 containerd:web 0/0
  assert_failure 1
  assert_line --partial 'CONTAINERD_ADDRESS is tcp://10.0.0.1:1: only unix:// will do'
}

@test "a name that nerdctl gave" {
  start default 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  mkdir -p /var/lib/nerdctl/1935db59/names/default
  printf 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef >/var/lib/nerdctl/1935db59/names/default/shop
  pid=$(pid_of default 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)
  for word in shop 0123456789ab containerd:default/shop; do assert_found "$word" containerd:default/shop "$pid"; done
  rm -r /var/lib/nerdctl/1935db59
}

@test "a pod by name and ID, its containers by theirs: all the same network, shown once; stopped, made again" {
  run pod run "$SOCKET" prod/shop "$IMAGE" front cart
  assert_success
  id=${lines[0]} front=${lines[1]}
  pid=$(pid_of k8s.io "$id")
  for word in shop cri:prod/shop "cri:$id" front cri:cart "cri:$front"; do assert_found "$word" cri:prod/shop "$pid"; done
  start default db
  assert_ping cart db
  netwire br1 front 10.9.0.1/24
  run netwire show --json
  assert_equal "$(jq -r 'map(select(.ifname == "eth1").container) | join(" ")' <<<"$output")" cri:prod/shop
  pod stop "$SOCKET" "$id"
  assert_refused cri:shop 'netwire: cri:prod/shop: not running (not ready)'
  pod remove "$SOCKET" "$id"
  assert_refused cri:shop 'netwire: container shop: no such container (asked: cri)' 'try: netwire show'
  run pod run "$SOCKET" prod/shop "$IMAGE"
  id=$output
  assert_found shop cri:prod/shop "$(pid_of k8s.io "$id")"
  pod stop "$SOCKET" "$id"
  pod remove "$SOCKET" "$id"
}

@test "TAB offers their names" {
  completion_scripts
  start default web
  start lab db
  assert_offers bash 'netwire br1 containerd:' containerd:default/web containerd:lab/db
  assert_offers bash 'netwire br1 w' ''
}
