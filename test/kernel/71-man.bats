# The man page's examples whose drivers a kernel may lack.

load ../e2e/host
load ../e2e/man

@test "the man page's examples of VLANs, ipvlan and tagged ports do their work" {
  man_host
  local block count=0
  while IFS= read -r -d '' block <&9; do
    [ "$(drivers_of "$block")" = some ] || continue
    check_example "$block"
    count=$((count + 1))
  done 9< <(examples)
  assert_equal "$count" 2
}
