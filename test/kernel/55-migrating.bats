# The rows of docs/migrating-from-pipework.md whose drivers a kernel may lack.

load ../e2e/host
load ../e2e/migrating

@test "pipework's lines for VLANs of a NIC and for dummy links do the same, and leave no link" {
  migrating_host
  check_rows drivers 3
}
