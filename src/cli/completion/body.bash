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
