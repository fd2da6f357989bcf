# The code that V8 keeps beside the bundle: used where it fits, refused where it does not, and never missed.

load host

setup_file() {
  mkdir -p /run/copy/dist
  cp -r "$NETWIRE_ROOT/bin" "$NETWIRE_ROOT/package.json" /run/copy
  cp "$NETWIRE_ROOT"/dist/netwire.c* /run/copy/dist
}

copy() { node /run/copy/bin/netwire "$@"; }

version() { echo "netwire $(jq -r .version "$NETWIRE_ROOT/package.json")"; }

# Of code as long as the bundle, which says something else; with the bundle's hash before it.
foreign_cache() {
  node -e '
    const { readFileSync, writeFileSync } = require("node:fs");
    const { Script } = require("node:vm");
    const bundle = readFileSync("/run/copy/dist/netwire.cjs", "latin1");
    const source = "(function () { console.log(\"foreign\"); })".padEnd(bundle.length);
    const script = new Script(source);
    script.runInThisContext();
    const hash = Buffer.from(bundle.slice(2, 66));
    writeFileSync("/run/copy/dist/netwire.cache", Buffer.concat([hash, script.createCachedData(), hash]));
  '
  chmod 644 /run/copy/dist/netwire.cache
}

@test "a bundle has its code cache, and is the same without one" {
  [ -s /run/copy/dist/netwire.cache ]
  run copy --version
  assert_output "$(version)"
  local with without
  with=$(copy --help)
  rm /run/copy/dist/netwire.cache
  without=$(copy --help)
  assert_equal "$without" "$with"
  container A
  run copy br1 "$A" 10.0.0.1/24
  assert_success
  run copy del "$A"
  assert_success
}

@test "it is used, and only its owner may have written it" {
  need jq
  foreign_cache
  run copy --version
  assert_output foreign
  chmod 666 /run/copy/dist/netwire.cache
  run copy --version
  assert_output "$(version)"
  foreign_cache
  if chown 65534 /run/copy/dist/netwire.cache 2>/dev/null; then
    run copy --version
    assert_output "$(version)"
  fi
  chmod 664 /run/copy/dist/netwire.cache
  run copy --version
  assert_output "$(version)"
}

@test "another bundle's, another Node's and a broken one are refused" {
  need jq
  foreign_cache
  # As another bundle has it.
  printf 0 | dd of=/run/copy/dist/netwire.cache bs=1 seek=5 conv=notrunc status=none
  printf 1 | dd of=/run/copy/dist/netwire.cache bs=1 seek=6 conv=notrunc status=none
  printf 2 | dd of=/run/copy/dist/netwire.cache bs=1 seek=7 conv=notrunc status=none
  run copy --version
  assert_output "$(version)"
  foreign_cache
  run node --no-lazy /run/copy/bin/netwire --version
  assert_output "$(version)"
  truncate -s -1 /run/copy/dist/netwire.cache
  run copy --version
  assert_output "$(version)"
  head -c 200 /run/copy/dist/netwire.cache >/run/copy/short
  mv /run/copy/short /run/copy/dist/netwire.cache
  run copy --version
  assert_output "$(version)"
  : >/run/copy/dist/netwire.cache
  run copy --version
  assert_output "$(version)"
}

@test "it is made anew where netwire is installed, and leaves nothing else" {
  local before
  before=$(state)
  rm -f /run/copy/dist/netwire.cache
  run /run/copy/bin/make-code-cache
  assert_success
  assert_output ''
  run ls /run/copy/dist
  assert_output "netwire.cache
netwire.cjs"
  run stat -c %a /run/copy/dist/netwire.cache
  assert_output 644
  assert_same_state "$before"
  # Where it cannot be written, an installation goes on without it.
  mount --bind /run/copy/dist /run/copy/dist
  mount -o remount,bind,ro /run/copy/dist
  run /run/copy/bin/make-code-cache
  umount /run/copy/dist
  assert_success
  assert_output ''
  # In a clone npm calls it before anything was built.
  rm -r /run/copy/dist
  run /run/copy/bin/make-code-cache
  assert_success
  assert_output ''
}
