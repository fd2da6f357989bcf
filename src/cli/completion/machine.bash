# shellcheck shell=bash
# What the machine has: links and containers.

_netwire_parents() {
  local one
  _netwire_table cables
  for one in "${reply[@]}"; do
    if [[ $cur == "$one"* ]]; then
      base=$one
      _netwire_containers
      return
    fi
  done
  _netwire_table kinds
  for one in "${reply[@]}"; do
    if [[ $cur == "$one"* ]]; then
      base=$one
      _netwire_table "parents $one"
      _netwire_links "${reply[0]:-}"
      return
    fi
  done
  _netwire_offer '<kinds>' '<cables>'
  _netwire_links ''
}

# Links of the host, by name, MAC or PCI address. $1: what they have below /sys/class/net/NAME
_netwire_links() {
  local path address
  local -a paths
  [[ ${cur#"$base"} == *:* ]] || _netwire_offer '<selectors>'
  mapfile -t paths < <(compgen -G '/sys/class/net/*/')
  for path in "${paths[@]%/}"; do
    # A virtual port of a bridge is a container's or a VM's.
    [[ ${path##*/} != lo && -e $path/$1 && (-e $path/device || ! -e $path/brport) ]] || continue
    if [[ ${cur#"$base"} != mac:* ]]; then
      _netwire_name "${path##*/}"
    elif read -r address 2>/dev/null <"$path/address" && [[ $address == *[1-9a-f]* ]]; then
      offered+=("${base}mac:$address")
    fi
  done
  [[ ${cur#"$base"} == pci:* ]] || return 0
  mapfile -t paths < <(compgen -G '/sys/bus/pci/devices/*/net')
  for path in "${paths[@]%/net}"; do offered+=("${base}pci:${path##*/}"); done
}

_netwire_containers() {
  local runtime rest=${cur#"$base"}
  _netwire_table runtimes
  runtimes=("${reply[@]}")
  for runtime in "${runtimes[@]}"; do
    [[ $rest == "$runtime"* ]] || continue
    base+=$runtime
    if [[ $rest == "$runtime"/* ]]; then _netwire_offer '<file>'; else _netwire_running "$runtime" scoped; fi
    return
  done
  if [[ $rest == /* ]]; then
    _netwire_offer '<file>'
    return
  fi
  _netwire_offer '<runtimes>'
  [[ -n $base ]] || _netwire_offer '<host>'
  for runtime in "${runtimes[@]}"; do _netwire_running "$runtime"; done
}

# The names that a runtime has, those with a scope ("NAMESPACE/ID") where $2 says so.
_netwire_running() {
  local pattern line before after
  local -a lines names=() patterns
  _netwire_table "files $1"
  patterns=("${reply[@]}")
  _netwire_table "sockets $1"
  for pattern in "${patterns[@]}" "${reply[@]}"; do
    before=${pattern%%\**} after=${pattern##*\*}
    if [[ $pattern != @* ]]; then
      mapfile -t lines < <(compgen -G "$pattern")
    else
      mapfile -t lines 2>/dev/null </proc/net/unix
      lines=("${lines[@]##* }")
    fi
    for line in "${lines[@]}"; do
      [[ $line == "$before"*"$after" ]] || continue
      line=${line#"$before"}
      names+=("${line%"$after"}")
    done
  done
  _netwire_table "names $1"
  if ((${#reply[@]})) && type -P timeout >/dev/null && type -P "${reply[0]}" >/dev/null && _netwire_is_here "$1"; then
    _netwire_table "names $1"
    mapfile -t lines < <(timeout -k 1 1 "${reply[@]}" 2>/dev/null </dev/null)
    # Docker's links: "NAME,OTHER/ALIAS".
    names+=("${lines[@]%%,*}")
  fi
  for line in "${names[@]}"; do
    [[ -z ${2:-} && $line == */* ]] || _netwire_name "$line"
  done
}

# Does what lists a runtime's containers ask this machine?
_netwire_is_here() {
  _netwire_table "address $1"
  local name=${reply[0]:-}
  [[ -z $name || ${!name:-/} == @(/*|unix:*) ]]
}

_netwire_name() {
  [[ -z $1 || $1 == [-/]* || $1 == *[![:alnum:]._@+/-]* ]] || offered+=("$base$1")
}
