# TAB as it is typed: on a terminal, behind sudo, from where a package puts the scripts.
# shellcheck disable=SC2016 # for other shells to read

load host
load completion

setup_file() { completion_setup; }

@test "on a terminal, bash completes a name behind a colon, quoted or not, and leaves the cursor behind a prefix" {
  fake docker 'printf "%s\n" web1 other'
  assert_equal "$(typed bash $'netwire br1 docker:w\t')" $'br1\ndocker:web1'
  assert_equal "$(typed bash $'netwire br1 dock\tw\t0/0')" $'br1\ndocker:web1\n0/0'
  assert_equal "$(typed bash $'netwire br1 "docker:w\t')" $'br1\ndocker:web1'
  assert_equal "$(typed bash $'netwire veth:docker:o\t')" veth:docker:other
  assert_equal "$(typed bash $'netwire eth0 --mode=pr\t')" $'eth0\n--mode=private'
  assert_equal "$(typed bash $'netwire eth0 c1 10.0.0.1/24@10.0.0.2,au\t')" $'eth0\nc1\n10.0.0.1/24@10.0.0.2,auto'
  # In the middle of a line, and behind another command.
  assert_equal "$(typed bash $'true; netwire br1 docker:w 0/0\x1b[D\x1b[D\x1b[D\x1b[D\t')" $'br1\ndocker:web1\n0/0'
}

@test "on a terminal, zsh completes a name behind a colon, and leaves the cursor behind a prefix" {
  need zsh
  fake docker 'printf "%s\n" web1 other'
  assert_equal "$(typed zsh $'netwire br1 docker:w\t')" $'br1\ndocker:web1'
  assert_equal "$(typed zsh $'netwire br1 dock\tw\t0/0')" $'br1\ndocker:web1\n0/0'
  assert_equal "$(typed zsh $'netwire veth:docker:o\t')" veth:docker:other
  assert_equal "$(typed zsh $'true; netwire eth0 --mode=pr\t')" $'eth0\n--mode=private'
}

@test "bash settings of the user's change nothing" {
  fake docker 'printf "%s\n" web1 other'
  local settings='shopt -s failglob nocaseglob dotglob; set -f; IFS=w; source /run/completion/netwire.bash; PS1='
  settings+='; netwire() { printf "%s\n" "$@" >/run/completion/said; }'
  assert_equal "$(typed bash $'netwire br1 docker:w\t' "$settings")" $'br1\ndocker:web1'
  settings+='; COMP_WORDBREAKS=${COMP_WORDBREAKS//:}'
  assert_equal "$(typed bash $'netwire br1 docker:w\t' "$settings")" $'br1\ndocker:web1'
}

@test "behind sudo it is the same" {
  fake docker 'printf "%s\n" web1 other'
  fake sudo 'exit 1'
  touch /run/netns/blue
  need zsh fish
  [ -r /usr/share/bash-completion/bash_completion ] || need bash-completion
  local said='PS1=; sudo() { printf "%s\n" "$@" >/run/completion/said; }; source'
  run typed bash $'sudo netwire br1 docker:w\t' \
    "$said /usr/share/bash-completion/bash_completion; source /run/completion/netwire.bash"
  assert_output $'netwire\nbr1\ndocker:web1'
  run typed bash $'sudo netwire exec c1 -- ls /run/netns/bl\t' \
    "$said /usr/share/bash-completion/bash_completion; source /run/completion/netwire.bash"
  assert_output $'netwire\nexec\nc1\n--\nls\n/run/netns/blue'
  run typed zsh $'sudo netwire br1 docker:w\t' \
    "autoload -Uz compinit; compinit -C; $said /run/completion/netwire.zsh"
  assert_output $'netwire\nbr1\ndocker:web1'
  assert_offers fish 'sudo netwire br1 docker:w' docker:web1
}

@test "from the places where a package puts them, the scripts are found" {
  need zsh fish
  [ -r /usr/share/bash-completion/bash_completion ] || need bash-completion
  fake docker 'printf "%s\n" web1 other'
  local share=/run/completion/share
  mkdir -p $share/bash-completion/completions $share/zsh $share/fish/vendor_completions.d
  cp /run/completion/netwire.bash $share/bash-completion/completions/netwire
  cp /run/completion/netwire.zsh $share/zsh/_netwire
  cp /run/completion/netwire.fish $share/fish/vendor_completions.d/netwire.fish
  export XDG_DATA_DIRS=$share:/usr/share
  local said='PS1=; netwire() { printf "%s\n" "$@" >/run/completion/said; };'
  run typed bash $'netwire br1 docker:w\t' "$said source /usr/share/bash-completion/bash_completion"
  assert_output $'br1\ndocker:web1'
  # The file is the function at its first TAB.
  run typed zsh $'netwire br1 docker:w\t\x15netwire br1 docker:o\t' \
    "$said fpath=($share/zsh \$fpath); autoload -Uz compinit; compinit -D"
  assert_output $'br1\ndocker:other'
  run typed zsh $'netwire br1 docker:w\t' "$said fpath=($share/zsh \$fpath); autoload -Uz compinit; compinit -D"
  assert_output $'br1\ndocker:web1'
  run in_shell fish -c 'complete -C "netwire br1 docker:w"'
  assert_output --partial docker:web1
}

@test "zsh without its completion is told what is missing" {
  need zsh
  run -0 in_shell zsh -f -c 'source /run/completion/netwire.zsh'
  assert_output --partial compinit
}
