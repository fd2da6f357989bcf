# Nothing is started but what lists containers, for a second at most. The names of links and containers are other
# people's text: they are compared and offered, and those with unusual characters are left out.

_netwire() {
  local verb= kind= option= ended= word= runs=
  local -a reply specs
  local -i i at=0 place=0 command=0 ret=1
  _netwire_walk
  if (( command )); then
    _netwire_table "command $verb"
    [[ $reply[1] == behind-options ]] || return 1
    shift $(( command - 1 )) words
    (( CURRENT -= command - 1 ))
    _normal
    return
  fi
  # The verb's words are counted without it.
  if (( at )); then
    words[at]=()
    (( CURRENT-- ))
  fi
  _netwire_table "words ${verb:-add}"
  # An action is called as it is when it begins with a space.
  for (( i = 1; i <= $#reply; i++ )); do
    specs+=("$i: : _netwire_offer ${(q)reply[i]}")
  done
  [[ -n $verb ]] || specs[1]="1: : _netwire_first ${(q)reply[1]}"
  _netwire_table "options ${verb:-add}"
  local curcontext=${curcontext%:*}-${verb:-add}:
  _arguments -s -S : "$reply[@]" "$specs[@]"
}

# What stands before the cursor: the verb, how many words of its own, an option that waits for its value.
_netwire_walk() {
  for (( i = 2; i < CURRENT; i++ )); do
    word=${(Q)words[i]}
    if [[ -n $option ]]; then
      option=
    elif [[ -z $ended && $word == -- ]]; then
      ended=1
    elif [[ -z $ended && $word == -?* ]]; then
      _netwire_table valued
      (( ! $reply[(Ie)$word] )) || option=$word
    else
      _netwire_table verbs
      if [[ -z $verb ]] && (( $reply[(Ie)$word] )); then
        verb=$word at=$i
        continue
      fi
      : ${verb:=add}
      _netwire_table "command $verb"
      runs=$reply[1]
      if [[ $runs == behind-options && $place == 1 ]]; then
        command=$i
        return
      fi
      [[ $place != 0 || $word != *:* ]] || kind=${word%%:*}:
      (( place += 1 ))
      if [[ $runs == at-once ]]; then
        command=$(( i + 1 ))
        return
      fi
    fi
  done
  _netwire_table "command ${verb:-add}"
  if [[ $reply[1] == behind-options && $place == 1 && -z $option && ( -n $ended || $words[CURRENT] != -* ) ]]; then
    command=$CURRENT
  fi
}

_netwire_first() {
  local -i ret=1
  _netwire_offer '<topics>' && ret=0
  _netwire_offer "$1" && ret=0
  return ret
}

_netwire_value() {
  local -a reply
  _netwire_table "value $1 $kind"
  (( $#reply )) || _netwire_table "value $1"
  (( $#reply )) || return 1
  _netwire_offer "$reply[@]"
}

# $@: words, or one sort of what the machine has
_netwire_offer() {
  local -a reply
  local expl
  case $1 in
    '<parent>') _netwire_parents ;;
    '<container>') _netwire_containers ;;
    '<link>') _netwire_links ;;
    '<address>') _netwire_addresses ;;
    '<file>') _files ;;
    '<nothing>') return 1 ;;
    '<topics>' | '<help>')
      _netwire_table "${1[2,-2]}"
      _describe -t verbs verb reply
      ;;
    '<'*'>')
      _netwire_table "${1[2,-2]}"
      _wanted words expl word compadd -a reply
      ;;
    *) _wanted words expl word compadd -- "$@" ;;
  esac
}

_netwire_addresses() {
  local -i ret=1
  compset -P '*,' || { _netwire_offer '<no-address>' && ret=0 }
  _netwire_offer '<addresses>' && ret=0
  return ret
}

_netwire_parents() {
  local -a reply kinds
  local -i ret=1
  local one expl
  _netwire_table cables
  kinds=("$reply[@]")
  for one in "$reply[@]"; do
    if compset -P $one; then
      _netwire_containers cable
      return
    fi
  done
  _netwire_table kinds
  kinds+=("$reply[@]")
  for one in "$reply[@]"; do
    if compset -P $one; then
      _netwire_table "parents $one"
      _netwire_links "$reply[1]"
      return
    fi
  done
  _wanted kinds expl kind compadd -S '' -a kinds && ret=0
  _netwire_links && ret=0
  return ret
}

# Links of the host, by name, MAC or PCI address. $1: what they have below /sys/class/net/NAME
_netwire_links() {
  local -a names reply paths
  local dir address expl selector= chosen=
  local -i ret=1
  _netwire_table selectors
  for selector in "$reply[@]"; do
    ! compset -P $selector || chosen=$selector
  done
  if [[ $chosen == pci: ]]; then
    paths=(/sys/bus/pci/devices/*/net(N))
    names=(${${paths%/net}##*/})
    _wanted links expl 'PCI address' compadd -a names
    return
  fi
  for dir in /sys/class/net/*(N-/); do
    # A virtual port of a bridge is a container's or a VM's.
    [[ ${dir:t} != lo && -e $dir/$1 && ( -e $dir/device || ! -e $dir/brport ) ]] || continue
    if [[ -z $chosen ]]; then
      names+=(${dir:t})
    elif read -r address 2>/dev/null <$dir/address && [[ $address == *[1-9a-f]* ]]; then
      names+=($address)
    fi
  done
  [[ -n $chosen ]] || _netwire_names
  _wanted links expl link compadd -a names && ret=0
  if [[ -z $chosen ]]; then
    _wanted selectors expl 'selector' compadd -S '' -a reply && ret=0
  fi
  return ret
}

# $1: set where the host itself cannot stand
_netwire_containers() {
  local -a reply runtimes names
  local -i ret=1
  local runtime expl
  _netwire_table runtimes
  runtimes=("$reply[@]")
  for runtime in "$runtimes[@]"; do
    compset -P $runtime || continue
    if [[ $PREFIX == /* ]]; then
      _files
      return
    fi
    _netwire_running $runtime
    _netwire_names
    _wanted containers expl container compadd -a names
    return
  done
  if [[ $PREFIX == /* ]]; then
    _files
    return
  fi
  for runtime in "$runtimes[@]"; do _netwire_running $runtime; done
  names=("${(@)names:#*/*}")
  _netwire_names
  if [[ -z $1 ]]; then
    _netwire_table host
    names+=("$reply[@]")
  fi
  _wanted containers expl container compadd -a names && ret=0
  _wanted runtimes expl runtime compadd -S '' -a runtimes && ret=0
  return ret
}

# Puts what a runtime has into names.
_netwire_running() {
  local -a reply found patterns
  local pattern before after one
  _netwire_table "files $1"
  patterns=("$reply[@]")
  _netwire_table "sockets $1"
  for pattern in "$patterns[@]" "$reply[@]"; do
    before=${pattern%%\**} after=${pattern##*\*}
    if [[ $pattern == @* ]]; then
      found=("${(@f)$(</proc/net/unix)}")
      found=("${(@)found##* }")
    else
      found=(${~pattern}(N))
    fi
    for one in "$found[@]"; do
      [[ $one != $before*$after ]] || names+=("${${one#$before}%$after}")
    done
  done
  _netwire_table "address $1"
  # Does what lists them ask this machine?
  if [[ -n $reply[1] && -n ${(P)reply[1]} && ${(P)reply[1]} != (/*|unix:*) ]]; then return; fi
  _netwire_table "names $1"
  (( $#reply && $+commands[timeout] && $+commands[$reply[1]] )) || return
  found=("${(@f)$(command timeout -k 1 1 "$reply[@]" 2>/dev/null </dev/null)}")
  # Docker's links: "NAME,OTHER/ALIAS".
  names+=("${(@)found%%,*}")
}

# Leaves out of names what nobody should have to type.
_netwire_names() {
  names=("${(@M)names:#[[:alnum:]._@+][[:alnum:]._@+/-]#}")
}

if [[ $funcstack[1] == _netwire ]]; then
  _netwire "$@"
elif (( $+functions[compdef] )); then
  compdef _netwire netwire
else
  print -u2 'netwire: completion in zsh comes behind: autoload -Uz compinit && compinit'
fi
