# The module for scripts, as a project uses it that installed what npm packs.

load host
load dhcp

setup_file() {
  # With no package beside it.
  mkdir -p /run/consumer/node_modules/netwire
  cd "$NETWIRE_ROOT" || return
  npm pack --silent --ignore-scripts --pack-destination /run/consumer
  tar -C /run/consumer/node_modules/netwire --strip-components 1 -xzf /run/consumer/netwire-*.tgz
}

# script NAME [WORD...]: runs what stands on the standard input, in the project.
script() {
  cat >"/run/consumer/$1"
  (cd /run/consumer && node "$@")
}

# What stands on the standard input, checked as strictly as can be, with or without Node's types.
typecheck() {
  cat >/run/consumer/main.mts
  cat >/run/consumer/tsconfig.json <<END
{ "compilerOptions": { "strict": true, "module": "nodenext", "target": "es2022", "lib": ["es2022"], "outDir": "out",
  "exactOptionalPropertyTypes": true, "noUncheckedIndexedAccess": true, "skipLibCheck": false,
  "types": [$1], "typeRoots": ["$NETWIRE_ROOT/node_modules/@types"] }, "files": ["main.mts"] }
END
  "$NETWIRE_ROOT/node_modules/.bin/tsc" -p /run/consumer
}

@test "what npm packs is the command, the module, its types and the man page" {
  need jq
  cd "$NETWIRE_ROOT"
  run jq -r '.[0].files[].path' <(npm pack --dry-run --json --ignore-scripts --silent)
  assert_success
  assert_output "CHANGELOG.md
LICENSE
README.md
bin/make-code-cache
bin/netwire
bin/netwire-dhcp
bin/netwire-pipework
bin/package.json
dist/module.cjs
dist/module.d.cts
dist/netwire.cjs
man/netwire-pipework.8
man/netwire.8
package.json"
}

@test "a strictly typed project attaches, shows, pings and detaches" {
  container A B
  before=$(state)
  typecheck '"node"' <<'END'
import { execFileSync } from 'node:child_process';
import { type Attached, attach, type Attachment, type Detached, detach, planAttach, planDetach, show } from 'netwire';

const [a = '', b = ''] = process.argv.slice(2);
const warnings: string[] = [];
const commands: string[] = [];
const one: Attached = await attach({ parent: 'br1', container: a, addresses: '192.168.1.1/24', ifname: 'lan0' });
const two = await attach(
  { parent: 'br1', container: Number(b), addresses: ['192.168.1.2/24', 'fd00::2/64'], mtu: 1400, mac: undefined },
  { onWarning: (message) => warnings.push(message), onCommand: (line) => commands.push(line), timeout: 5,
    signal: new AbortController().signal },
);
const again = await attach({ parent: 'br1', container: a, addresses: '192.168.1.1/24', ifname: 'lan0' });
const shown: Attachment[] = await show({ container: b });
const ping = execFileSync('nsenter', ['-t', a, '-n', 'ping', '-c1', '-W2', '192.168.1.2'], { encoding: 'utf8' });
const { steps } = await planDetach({ container: b });
const nothing = await planAttach({ parent: 'br1', container: a, addresses: '192.168.1.1/24', ifname: 'lan0' });
const gone: Detached = await detach({ container: a });
const all: Detached[] = await detach({ container: b, all: true });
const late = await detach({ container: b }, { onWarning: (message) => warnings.push(message) });
const [info] = two.addr_info;
console.log(JSON.stringify({
  one: [one.changed, one.ifname, one.parent, one.kind, one.ours], again: again.changed,
  shown: shown.map(({ ifname, mtu }) => [ifname, mtu]), local: info?.local, isTraced: commands.some((line) => /link add/.test(line)),
  ping: /1 received/.test(ping), undone: steps.map(({ command }) => command.slice(0, 3).join(' ')),
  nothing: nothing.steps.length, gone: [gone.changed, gone.attachment?.ifname, gone.bridges],
  all: all.map(({ attachment, bridges }) => [attachment?.ifname, bridges]), late: late.changed, warnings,
}));
END
  run node /run/consumer/out/main.mjs "$A" "$B"
  assert_success
  assert_equal "$output" '{"one":[true,"lan0","br1","veth",true],"again":false,"shown":[["eth1",1400]],"local":"192.168.1.2","isTraced":true,"ping":true,"undone":["ip link del"],"nothing":0,"gone":[true,"lan0",[]],"all":[["eth1",["br1"]]],"late":false,"warnings":["pid:'"$B"': there is no interface that netwire made; nothing of it is left to take back"]}'
  assert_same_state "$before"
}

@test "its types need no other package, and know what is wrong" {
  typecheck '' <<'END'
import { attach, type Attached, type AttachWords, detach, type Detached, NetwireError, show, StateError } from 'netwire';

export const words: AttachWords = { parent: 'br1', container: 4711, addresses: [], trunk: [20, '30-39'] };
export const one: Promise<Attached> = attach(words);
export const many: Promise<Detached[]> = detach({ container: 'c1', all: true });
export const states: Promise<(string | null)[]> = show().then((all) => all.map(({ parent }) => parent));
export const code = (error: unknown) => (error instanceof NetwireError ? [error.code, error.exitStatus, error.hint] : []);
export const isState = new StateError('a', 'b') instanceof NetwireError;
// @ts-expect-error: an address is wanted
export const without = () => attach({ parent: 'br1', container: 'c1' });
// @ts-expect-error: there is no such word
export const mistyped = () => attach({ ...words, ifnam: 'eth2' });
// @ts-expect-error: of one there is one answer
export const single: Promise<Detached[]> = detach({ container: 'c1' });
// @ts-expect-error: it is not exported
export type Hidden = typeof import('netwire').EXIT;
END
}

@test "CommonJS gets the very same functions and errors" {
  run script both.cjs <<'END'
const { attach, NetwireError, UsageError } = require('netwire');
import('netwire').then(async (esm) => {
  const error = await attach({ parent: 'br1', container: 'c1', addresses: '10.0.0.1' }).catch((thrown) => thrown);
  console.log(esm.attach === attach, error instanceof esm.UsageError, error instanceof NetwireError, UsageError.name);
});
END
  assert_success
  assert_output 'true true true UsageError'
}

@test "errors are those of the command: class, code, status and hint; nothing is printed, the process goes on" {
  container A
  run script errors.mjs "$A" <<'END'
import * as netwire from 'netwire';
const [container] = process.argv.slice(2);
const attach = (words) => netwire.attach({ parent: 'br1', container, addresses: '10.0.0.1/24', ...words });
await attach({});
for (const wrong of [
  () => attach({ addresses: '10.0.0.1' }),
  () => attach({ addresses: '10.0.0.2/24' }),
  () => attach({ container: 'no-such' }),
  () => attach({ parent: 'nic7', ifname: 'x' }),
  () => attach({ dryRun: true }),
  () => netwire.show({ container, ifname: 'eth9' }),
  () => netwire.detach({ container, ifname: 'eth1', all: true }),
  () => netwire.planAttach({ parent: 'br1', container, addresses: '0/0' }, { timeout: 0 }),
]) {
  const error = await wrong().then(() => 'none', (thrown) => thrown);
  const name = Object.keys(netwire).find((one) => netwire[one] === error.constructor);
  console.log([name, error.code, error.exitStatus, error.message, error.hint].join('|'));
}
await netwire.detach({ container });
END
  assert_success
  assert_equal "$output" "UsageError|usage|2|address \"10.0.0.1\": the prefix length is missing|did you mean 10.0.0.1/24?
StateError|different|1|eth1: pid:$A has it already, but it has no address 10.0.0.2/24; it has the address 10.0.0.1/24|--replace, or netwire del pid:$A eth1
ContainerError|no-such-container|3|container no-such: no such container|netwire show
StateError|no-such-parent|1|parent nic7: no such link|bridge:nic7 makes a bridge of that name
UsageError|usage|2|dryRun: there is no such word|planAttach, planDetach
StateError|no-such-interface|1|eth9: $A has no interface of that name|netwire show $A
UsageError|usage|2|--all: eth1 says one|leave one of them out
UsageError|usage|2|timeout \"0\": a number of seconds is wanted, at most 86400|"
}

@test "calls at once do their work one after the other, and leave no descriptor, process or signal handler" {
  container A B C D
  ip netns add blue
  before=$(state)
  run script together.mjs "$A" "$B" "$C" "$D" <<'END'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { attach, detach, show } from 'netwire';
const containers = process.argv.slice(2);
const held = () => readdirSync('/proc/self/fd').filter((fd) => { try { return /^net:/.test(readlinkSync(`/proc/self/fd/${fd}`)); } catch { return false; } });
const words = (container, i) => ({ parent: 'br1', container, addresses: `10.0.0.${i + 1}/24` });
await attach(words('blue', 9));
const all = await Promise.all([...containers.map((one, i) => attach(words(one, i))), show(), show({ container: 'blue' })]);
const links = new Set(all.slice(0, 4).map((one) => one.host_ifname));
// A cable holds two at once, and each looks for the other.
await attach({ parent: `veth:${containers[1]}`, container: containers[0], addresses: '10.4.0.1/30', ifname: 'c0', peer: { ifname: 'c1' } });
await show();
await detach({ container: containers[0], ifname: 'c0' });
const late = await attach(words('no-such', 7), { timeout: 0.2 }).catch((error) => error.code);
await Promise.all([...containers, 'blue'].map((container) => detach({ container })));
for (let i = 0; i < 100 && readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8') !== ''; i++)
  await new Promise((next) => setTimeout(next, 20));
console.log(all.slice(0, 4).map(({ changed }) => changed).join(), links.size, late, held().length,
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8') === '',
  process.eventNames().filter((name) => String(name).startsWith('SIG')).length);
END
  assert_success
  assert_output 'true,true,true,true 4 no-such-container 0 true 0'
  assert_same_state "$before"
}

@test "an abort undoes what was done, at whatever step it comes; the signal is free of listeners again" {
  container A
  uplink "$A"
  before=$(state)
  run script abort.mjs "$A" <<'END'
import { getEventListeners } from 'node:events';
import { attach, InterruptedError } from 'netwire';
const words = { parent: 'br1', container: process.argv[2], addresses: '10.0.0.1/24@10.0.0.254,fd00::1/64' };
const steps = [];
for (let at = 0; ; at++) {
  const stop = new AbortController();
  const why = new Error('enough');
  let count = 0;
  const onCommand = () => { if (++count > at) stop.abort(why); };
  if (at === 0) stop.abort(why);
  const error = await attach(words, { signal: stop.signal, onCommand }).catch((thrown) => thrown);
  if (getEventListeners(stop.signal, 'abort').length > 0) throw new Error('a listener is left');
  if (!(error instanceof InterruptedError)) { steps.push(error.changed ?? error); break; }
  if (error.cause !== why || error.exitStatus !== 130 || error.code !== 'interrupted') throw error;
  steps.push(error.message);
}
console.log(steps[0], '/', steps[1], '/', steps.length > 5, steps.at(-1));
END
  assert_success
  assert_output 'interrupted: nothing was done yet / interrupted: everything was undone / true true'
  netwire del "$A"
  assert_same_state "$before"
}

@test "an abort ends the wait for a lock and for a container at once, and nothing of the work goes on" {
  container A
  before=$(state)
  flock /run/netwire.lock sleep 60 3>&- &
  PIDS+=("$!")
  until [ -n "$(children "$!")" ]; do sleep 0.02; done
  PIDS+=("$(children "$!" | tr -d ' ')")
  run script waiting.mjs "$A" <<'END'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { attach } from 'netwire';
const begin = Date.now();
for (const container of [process.argv[2], 'no-such']) {
  const error = await attach(
    { parent: 'br1', container, addresses: '10.0.0.1/24' },
    { signal: AbortSignal.timeout(300) },
  ).catch((thrown) => thrown);
  console.log(error.code, error.message, error.cause?.name);
}
await new Promise((next) => setTimeout(next, 500));
const nets = readdirSync('/proc/self/fd').filter((fd) => { try { return /^net:/.test(readlinkSync(`/proc/self/fd/${fd}`)); } catch { return false; } });
console.log(nets.length, readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8') === '', Date.now() - begin < 10000);
END
  assert_success
  assert_line --index 0 'interrupted interrupted: nothing was done yet TimeoutError'
  assert_line --index 2 '0 true true'
  kill "${PIDS[@]:1}"
  PIDS=("$A")
  assert_same_state "$before"
}

@test "no signal is caught: the caller's own handler has the last word" {
  container A
  before=$(state)
  run script signal.mjs "$A" <<'END'
import { attach } from 'netwire';
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
let count = 0;
await attach({ parent: 'br1', container: process.argv[2], addresses: '10.0.0.1/24' }, {
  signal: stop.signal,
  onCommand: () => { if (++count === 3) process.kill(process.pid, 'SIGTERM'); },
}).catch((error) => console.log(error.message));
END
  assert_success
  assert_output 'interrupted: everything was undone'
  assert_same_state "$before"
  run script killed.mjs "$A" <<'END'
import { attach } from 'netwire';
await attach({ parent: 'br1', container: process.argv[2], addresses: '10.0.0.1/24' }, { onCommand: () => process.kill(process.pid, 'SIGTERM') });
await new Promise((next) => setTimeout(next, 5000));
END
  assert_failure 143
  netwire gc
  assert_same_state "$before"
}

@test "a lease is kept when the script ends; an abort ends the wait for one, and the client" {
  need udhcpc
  container c1 c2
  dhcp_server
  run script lease.mjs "$c1" "$c2" <<'END'
import { attach } from 'netwire';
const words = (container) => ({ parent: 'br1', container, addresses: 'udhcpc' });
const all = await Promise.all(process.argv.slice(2).map((one) => attach(words(one))));
console.log(all.map(({ dhcp, gateway }) => [dhcp, gateway].join()).join(' '));
END
  assert_success
  assert_output 'udhcpc,10.7.0.1 udhcpc,10.7.0.1'
  pings "$c1" 10.7.0.1
  run netwire br1 "$c1" udhcpc
  assert_output --partial 'nothing to do'
  netwire del "$c1"
  netwire del "$c2"
  no_clients || fail "$(clients)"
  # Nobody answers: an abort ends the wait, and the client.
  end_server
  run script no-lease.mjs "$c1" <<'END'
import { attach } from 'netwire';
const begin = Date.now();
const words = { parent: 'br1', container: process.argv[2], addresses: 'udhcpc' };
const error = await attach(words, { signal: AbortSignal.timeout(1000) }).catch((thrown) => thrown);
console.log(error.message, Date.now() - begin < 10000);
END
  assert_output 'interrupted: everything was undone true'
  within 20 no_clients
  netwire del "$SERVER"
}

@test "the README's script does what it says" {
  ip netns add c1
  ip netns add c2
  before=$(state)
  run script readme.mjs < <(sed -n '/^## In scripts/,/^## What/s/^    //p' "$NETWIRE_ROOT/README.md")
  assert_success
  assert_line --index 0 --regexp '^true nw[0-9a-f]+ 2$'
  assert_line --index 1 'different 1 --replace, or netwire del netns:c1 lan0'
  assert_line --partial ' type veth peer name eth1 '
  assert_same_state "$before"
}
