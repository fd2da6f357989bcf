# The man page: its examples are run, and its JSON keys are those of real documents.

load host
load dhcp
load man

@test "each example of the man page does its work, and leaves nothing when it is taken back" {
  need dnsmasq jq tc
  man_host
  check_examples none 14
  no_clients || fail "$(clients)"
}

# keys_of SUBSECTION: as the page has them, sorted
keys_of() {
  sed -n "/^\.Ss $1\$/,/^\.S[hs] [^K]*\$/p" "$NETWIRE_ROOT/man/netwire.8" | sed '2,${/^\.S[hs] /,$d}' |
    sed -n 's/^\.It Cm //p' | sed 's/ , /\n/g' | sort | paste -sd' '
}

# keys FILTER: those of an object in what was printed
keys() { jq -r "$1 | keys[]" <<<"$output" | sort | paste -sd' '; }

@test "the JSON documents have just the keys that the man page tells" {
  need jq
  man_host
  run --separate-stderr netwire br1 c1 10.0.0.1/24 --json
  assert_equal "$(keys 'del(.changed)')" "$(keys_of 'Keys of an attachment')"
  assert_equal "$(keys '.addr_info[0]')" "$(keys_of 'Keys of an address')"
  run --separate-stderr netwire show c1 eth1 --json
  assert_equal "$(keys '.[0]')" "$(keys_of 'Keys of an attachment')"
  run --separate-stderr netwire --dry-run --json br1 c2 10.0.0.2/24
  assert_equal "$(keys .)" steps
  assert_equal "$(keys '.steps[0]')" "$(keys_of 'Keys of a step')"
  run --separate-stderr netwire gc --json
  assert_equal "$(keys .)" "$(keys_of 'Keys that gc prints')"
  run --separate-stderr netwire del c1 --json
  assert_equal "$(keys .)" "$(keys_of 'Keys that del prints')"
  run --separate-stderr netwire del --all c1 --json
  assert_equal "$(jq -c type <<<"$output")" '"array"'
  run bash -c "printf 'br1 c1 10.0.0.1/24\ndel c1\nlan9 c1 0/0\n' |
    node '$NETWIRE_ROOT/bin/netwire' batch --keep-going --json 2>/dev/null"
  assert_equal "$(jq -r 'map(keys[]) | unique[]' <<<"$output" | sort | paste -sd' ')" "$(keys_of "Keys of a batch's line")"
  assert_equal "$(keys '.[0].attachment | del(.changed)')" "$(keys_of 'Keys of an attachment')"
  assert_equal "$(keys '.[1].removed[0]')" "$(keys_of 'Keys that del prints')"
  assert_equal "$(keys '.[2].error')" "$(keys_of 'Keys of an error')"
  run bash -c "node '$NETWIRE_ROOT/bin/netwire' lan9 c1 0/0 --json 2>/dev/null"
  assert_equal "$(keys .)" error
  assert_equal "$(keys .error)" "$(keys_of 'Keys of an error')"
}
