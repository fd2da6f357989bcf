# The Debian package: made, installed, used, purged, in a root of its own (deb.bash, root.bash).
# shellcheck disable=SC2016

load host
load dhcp
load deb

# Would Node take what is in the cache, and is it root's?
cache_fits() {
  run stat -c '%U:%G %a' "/run/root$CACHE"
  assert_output 'root:root 644'
  run in_root node -e '
    const { readFileSync } = require("node:fs");
    const { Script } = require("node:vm");
    const file = "/usr/lib/netwire/dist/netwire";
    const cachedData = readFileSync(`${file}.cache`).subarray(64, -64);
    console.log(new Script(readFileSync(`${file}.cjs`, "latin1"), { cachedData }).cachedDataRejected);
  '
  assert_output false
}

@test "the package: installed, at work, removed, purged, and nothing is left" {
  install_package
  cache_fits
  run in_root netwire --version
  assert_output "$(netwire --version)"
  # The same with nothing around it.
  run in_root env -i /usr/sbin/netwire --version
  assert_output "$(netwire --version)"
  container c1 c2
  local before
  before=$(state)
  run in_root netwire br1 "$c1" 10.0.0.1/24
  assert_success
  run in_root netwire br1 "$c2" 10.0.0.2/24
  assert_success
  pings "$c1" 10.0.0.2
  run in_root netwire br1 "$c2" 10.0.0.2/24
  assert_output --partial 'nothing to do'
  in_root netwire del "$c1"
  in_root netwire del "$c2"
  assert_same_state "$before"
  run in_root dpkg -r netwire
  assert_success
  refute_output --partial 'not empty'
  run in_root dpkg -P netwire
  assert_success
  # dpkg's own diaries and lists; man-db's index.
  run sh -c "$(declare -f changes); changes /run/below /run/upper | grep -vxE \
    'var/log/(dpkg|alternatives).log|var/lib/dpkg/(status|status-old|lock|lock-frontend|triggers/Lock)|var/cache/man(/.*)?'"
  assert_output ''
  run dpkg_state
  assert_output "$(cat /run/deb/machine)"
}

@test "the package: without the code cache it is the same, and without Node it can be installed" {
  install_package
  local with without
  with=$(in_root netwire --help)
  rm "/run/root$CACHE"
  without=$(in_root netwire --help)
  assert_equal "$without" "$with"
  in_root dpkg -r netwire
  # A cache that cannot be made.
  printf '#!/bin/sh\nexit 1\n' >/run/root/usr/bin/node
  run in_root dpkg -i "$PACKAGE"
  assert_success
  assert_output --partial 'netwire: without its code cache it begins slower'
  [ ! -e "/run/root$CACHE" ]
  in_root dpkg -r netwire
  rm /run/root/usr/bin/node
  run in_root dpkg -i "$PACKAGE"
  assert_success
  run in_root dpkg -P netwire
  assert_success
}

@test "the package: another Node makes the code cache anew" {
  install_package
  echo 'of another Node' >"/run/root$CACHE"
  run in_root dpkg -i /run/deb/nodejs2.deb
  assert_success
  assert_output --partial 'Processing triggers for netwire'
  cache_fits
  # And an installation over itself leaves one as well.
  install_package
  cache_fits
}

@test "the package: its manual is found, and so are its documents" {
  install_package
  local page
  for page in netwire.8 netwire-pipework.8; do
    zcat "/run/root/usr/share/man/man8/$page.gz" | cmp - "$NETWIRE_ROOT/man/$page"
  done
  if in_root sh -c 'command -v man' >/dev/null; then
    run in_root man -w netwire
    assert_output --partial /man8/netwire.8.gz
    run in_root man -w pipework
    assert_success
  fi
  [ -x /run/root/usr/share/doc/netwire/examples/wait-for-link ]
  run zcat /run/root/usr/share/doc/netwire/changelog.gz
  assert_line --index 0 --regexp '^netwire \([0-9.]+\) '
  run ls /run/root/etc/netwire
  assert_success
  assert_output ''
}

@test "the package: whoever removes it is told of DHCP clients at work, which still end with their containers" {
  need udhcpc
  container c1
  dhcp_server
  install_package
  in_root netwire br1 "$c1" udhcpc
  run in_root dpkg -r netwire
  assert_success
  assert_output --partial 'netwire: DHCP clients are at work for containers'
  run in_container "$c1" ip -4 addr show dev eth1
  assert_output --partial 'dynamic'
  kill -9 "$c1"
  within 50 eval '[ -z "$(clients)" ]'
}

@test "the package: it answers to pipework, unless somebody chose another one" {
  container c1 c2
  install_package
  run in_root pipework --version
  assert_output "$(netwire --version)"
  run in_root pipework br1 "$c1" 10.0.0.1/24
  assert_success
  assert_output ''
  in_root pipework br1 "$c2" 10.0.0.2/24
  pings "$c1" 10.0.0.2
  # Somebody's own one.
  printf '#!/bin/sh\necho mine\n' >/run/root/usr/local/sbin/mine
  chmod 755 /run/root/usr/local/sbin/mine
  in_root update-alternatives --quiet --install /usr/sbin/pipework pipework /usr/local/sbin/mine 50
  run in_root pipework
  assert_output mine
  install_package
  run in_root pipework
  assert_output mine
  in_root dpkg -r netwire
  run in_root pipework
  assert_output mine
}

@test "the package: the shells' completions are those that netwire prints" {
  install_package
  local shell file
  for shell in bash:bash-completion/completions/netwire zsh:zsh/vendor-completions/_netwire \
    fish:fish/vendor_completions.d/netwire.fish; do
    file=/run/root/usr/share/${shell#*:}
    netwire completion "${shell%%:*}" >/run/printed
    cmp /run/printed "$file"
  done
}

@test "the package: each npm package in the bundle has its licence in the copyright file, word for word" {
  need jq
  install_package
  local file=/run/root/usr/share/doc/netwire/copyright name folder
  jq -r '.outputs["dist/netwire.cjs"].inputs | keys[]' "$NETWIRE_ROOT/dist/netwire.meta.json" |
    sed -nE 's,.*node_modules/((@[^/]+/)?[^/]+)/.*,\1,p' | sort -u >/run/bundled
  [ -s /run/bundled ]
  while read -r name; do
    grep -xF "Files: node_modules/$name/*" "$file"
    folder=$NETWIRE_ROOT/node_modules/$name
    # The text's lines, as the form has them.
    sed 's/[ \t]*$//; s/^$/./; s/^/ /' "$(ls "$folder"/[Ll][Ii][Cc][Ee][Nn][Ss][Ee]*)" >/run/licence
    node -e '
      const [file, licence] = process.argv.slice(1).map((one) => require("node:fs").readFileSync(one, "utf8"));
      process.exitCode = file.includes(licence.replace(/( \.\n)+$/, "")) ? 0 : 1;
    ' "$file" /run/licence || fail "$name: another text"
  done </run/bundled
  grep -xF 'License: Apache-2.0' "$file"
  # Nothing that is not there.
  assert_equal "$(sed -n 's,^Files: node_modules/\(.*\)/\*$,\1,p' "$file" | sort)" "$(cat /run/bundled)"
}

# A copy of the sources in another place, of another time, committed as this one.
other_clone() {
  local name
  mkdir -p "$1/node_modules"
  git -C "$NETWIRE_ROOT" ls-files -z --cached --others --exclude-standard |
    tar -C "$NETWIRE_ROOT" --null --files-from=- -c | tar -C "$1" -x
  for name in @esbuild esbuild chalk commander; do cp -r "$NETWIRE_ROOT/node_modules/$name" "$1/node_modules"; done
  # What is not in it, but checks it.
  for name in .bin @types @typescript typescript undici-types; do ln -s "$NETWIRE_ROOT/node_modules/$name" "$1/node_modules"; done
  find "$1" -exec touch -d '2001-02-03 04:05:06' {} +
  export GIT_CONFIG_GLOBAL=/dev/null
  git -C "$1" init --quiet
  git -C "$1" add -A
  git -C "$1" -c user.name="$(git -C "$NETWIRE_ROOT" log -1 --format=%an)" \
    -c user.email="$(git -C "$NETWIRE_ROOT" log -1 --format=%ae)" commit --quiet -m copy \
    --date "$(git -C "$NETWIRE_ROOT" log -1 --format=@%ct)"
}

@test "the package: the same bytes from another clone, at another time, with another umask and another time zone" {
  run node "$NETWIRE_ROOT/src/deb/make.mjs" /run/again
  assert_success
  cmp "$PACKAGE" /run/again/netwire_*_all.deb
  export GIT_COMMITTER_DATE
  GIT_COMMITTER_DATE=$(git -C "$NETWIRE_ROOT" log -1 --format=@%ct)
  umask 077
  other_clone /run/other/place
  cd /run/other/place
  run env TZ=Pacific/Auckland LC_ALL=C.UTF-8 HOME=/run/other npm run --silent deb
  assert_success
  cmp "$PACKAGE" dist/netwire_*_all.deb
  # All of it is of the commit's time, and nothing says where it was made.
  run sh -c "dpkg-deb --fsys-tarfile '$PACKAGE' | tar -tv --full-time --utc | sed -E 's/^[^ ]+ +[^ ]+ +[0-9]+ //; s/ \..*//' | sort -u"
  assert_output "$(TZ=UTC date -d "$GIT_COMMITTER_DATE" '+%Y-%m-%d %H:%M:%S')"
  dpkg-deb --fsys-tarfile "$PACKAGE" | grep -aF "$NETWIRE_ROOT" && fail 'it names the clone'
  # A package whose licence is not there is not taken in.
  rm node_modules/chalk/license
  run node src/deb/make.mjs /run/without
  assert_failure
  assert_output --partial 'chalk: the text of its licence is missing'
  [ ! -e /run/without ]
}

@test "the package: lintian finds nothing" {
  need lintian
  run lintian --allow-root --info --display-info --pedantic --fail-on error,warning,info,pedantic "$PACKAGE"
  assert_success
  assert_output ''
}
