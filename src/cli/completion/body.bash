# shellcheck shell=bash

# Nothing is started but what lists containers, for a second at most. The names of links and containers are other
# people's text: they are compared and offered, and those with unusual characters are left out.

_netwire() {
  local IFS=$' \t\n' cur='' base='' verb='' kind='' option='' ended='' redirected='' quote=''
  local -a words=() starts=() reply=() offered=() runtimes=()
  local -i place=0 command=0
  COMPREPLY=()
  _netwire_split
  _netwire_walk
  if ((command)); then
    _netwire_command
    return
  fi
  if [[ -n $redirected || $cur == *[\<\>]* ]]; then
    _netwire_offer '<file>'
  elif [[ -n $option ]]; then
    _netwire_value "$option"
  elif [[ -z $ended && $cur == --*=* ]]; then
    base=${cur%%=*}=
    _netwire_value "${cur%%=*}"
  elif [[ -z $ended && $cur == -* ]]; then
    _netwire_table "options ${verb:-add}"
    offered+=("${reply[@]}")
  else
    [[ -n $verb ]] || _netwire_offer '<topics>'
    _netwire_table "words ${verb:-add}"
    _netwire_offer "${reply[@]:place:1}"
  fi
  _netwire_reply
}

# The words up to the cursor: COMP_WORDS has those that a colon splits in several (COMP_WORDBREAKS).
_netwire_split() {
  local rest=${COMP_LINE:0:COMP_POINT} blank piece
  local -i i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    blank=${rest%%[![:space:]]*}
    rest=${rest#"$blank"}
    piece=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || piece=$rest
    rest=${rest#"$piece"}
    if [[ $i == 0 || -n $blank ]]; then
      words+=("$piece")
      starts+=("$i")
    else
      words[${#words[@]} - 1]+=$piece
    fi
  done
  cur=${words[${#words[@]} - 1]}
  if [[ $cur == [\"\']* ]]; then
    quote=${cur:0:1}
    cur=${cur:1}
  fi
}

# What stands before the cursor: the verb, how many words of its own, an option that waits for its value.
_netwire_walk() {
  local word runs
  local -i i last=$((${#words[@]} - 1))
  for ((i = 1; i < last; i++)); do
    word=${words[i]}
    if [[ -n $redirected || -n $option ]]; then
      redirected='' option=''
    elif [[ $word == *[\<\>] ]]; then
      redirected=1
    elif [[ $word == *[\<\>]* ]]; then
      continue
    elif [[ -z $ended && $word == -- ]]; then
      ended=1
    elif [[ -z $ended && $word == -?* ]]; then
      ! _netwire_is valued "$word" || option=$word
    elif [[ -z $verb ]] && _netwire_is verbs "$word"; then
      verb=$word
    else
      : "${verb:=add}"
      _netwire_table "command $verb"
      runs=${reply[0]:-}
      if [[ $runs == behind-options && $place == 1 ]]; then
        command=i
        return
      fi
      [[ $place != 0 || $word != *:* ]] || kind=${word%%:*}:
      place+=1
      if [[ $runs == at-once ]]; then
        command=$((i + 1))
        return
      fi
    fi
  done
  _netwire_table "command ${verb:-add}"
  if [[ ${reply[0]:-} == behind-options && $place == 1 && -z $option && (-n $ended || $cur != -*) ]]; then
    command=last
  fi
}

_netwire_is() {
  local one
  _netwire_table "$1"
  for one in "${reply[@]}"; do
    [[ $one != "$2" ]] || return 0
  done
  return 1
}

_netwire_value() {
  _netwire_table "value $1 $kind"
  ((${#reply[@]})) || _netwire_table "value $1"
  _netwire_offer "${reply[@]}"
}

_netwire_offer() {
  local one
  for one; do
    case $one in
      '<parent>') _netwire_parents ;;
      '<container>') _netwire_containers ;;
      '<link>') _netwire_links '' ;;
      '<address>') _netwire_addresses ;;
      # readline knows best.
      '<file>') compopt -o default 2>/dev/null ;;
      '<'*'>')
        _netwire_table "${one:1:${#one}-2}"
        offered+=("${reply[@]/#/"$base"}")
        ;;
      *) offered+=("$base$one") ;;
    esac
  done
}

_netwire_addresses() {
  if [[ $cur == *,* ]]; then base=${cur%,*},; else _netwire_offer '<no-address>'; fi
  _netwire_offer '<addresses>'
}

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

# A command of the host's, with its own completion where that can be had.
_netwire_command() {
  local run
  _netwire_table "command $verb"
  [[ ${reply[0]} == behind-options ]] || return 0
  for run in _comp_command_offset _command_offset; do
    if declare -F "$run" >/dev/null; then
      "$run" "${starts[command]}"
      return
    fi
  done
  if ((command == ${#words[@]} - 1)) && [[ $cur != */* ]]; then
    mapfile -t COMPREPLY < <(compgen -c -- "$cur")
  else
    compopt -o default 2>/dev/null
  fi
}

# What fits, without what readline takes for a word by itself: "docker:c1" is "c1" to it.
_netwire_reply() {
  local one strip='' by
  for by in : = @; do
    [[ -z $quote && $COMP_WORDBREAKS == *"$by"* && $cur == *"$by"* ]] || continue
    one=${cur%"${cur##*"$by"}"}
    # An "@" is of its word (rl_special_prefixes).
    one=${one%@}
    ((${#one} <= ${#strip})) || strip=$one
  done
  for one in "${offered[@]}"; do
    [[ $one != "$cur"* ]] || COMPREPLY+=("${one#"$strip"}")
  done
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *: ]]; then compopt -o nospace 2>/dev/null; fi
}

complete -F _netwire netwire
