# The man page's examples whose drivers a kernel may lack.

load ../e2e/host
load ../e2e/man

@test "the man page's examples of VLANs, ipvlan and tagged ports do their work" {
  man_host
  check_examples some 2
}
