// `npm run demo`: the main job, live. On a host of its own (user, network and PID namespaces: no
// root, no Docker, nothing of it is seen outside) it makes two containers, attaches both by the
// real command line, lets one ping the other, shows it, and takes it all back.
import { $, chalk, path } from 'zx';

const root = path.resolve(import.meta.dirname, '..');
const netwire = `${root}/bin/netwire`;
const privateHost = `${root}/test/e2e/private-host`;

if (process.argv[2] !== 'inside') {
  const possible = await $({ nothrow: true })`${privateHost} true`;
  if (possible.exitCode !== 0) {
    console.error(`demo: this needs a network namespace of its own: ${possible.stderr.trim()}`);
    console.error('try: sudo npm run demo');
    process.exit(1);
  }
  const { exitCode } = await $({ stdio: 'inherit', nothrow: true })`${privateHost} node ${import.meta.filename} inside`;
  process.exit(exitCode ?? 1);
}

delete process.env.DOCKER_HOST;

/** Runs a line as a user would type it, and shows it. */
async function type(line) {
  console.log(chalk.bold(`\n# ${line}`));
  const [command, ...words] = line.split(' ');
  const file = command === 'netwire' ? netwire : command;
  await $({ stdio: 'inherit' })`${file} ${words}`;
}

/** c1 reaches c2: by ping(8), or where that is not installed by a TCP connection. */
async function talk() {
  const ping = await $({ nothrow: true })`ping -V`;
  if (ping.exitCode === 0) return type('ip netns exec c1 ping -c 2 -i 0.2 192.168.1.2');
  const serve = "require('node:net').createServer((to) => to.end('c2 says hello\\n')).listen(7, '192.168.1.2')";
  const ask =
    "require('node:net').connect({ port: 7, host: '192.168.1.2' }).on('error', (e) => setTimeout(() => { throw e })).pipe(process.stdout)";
  const server = $({ nothrow: true })`ip netns exec c2 node -e ${serve}`;
  await new Promise((resolve) => setTimeout(resolve, 500));
  console.log(chalk.bold('\n# a TCP connection from c1 to 192.168.1.2, port 7 (ping is not installed here)'));
  await $({ stdio: 'inherit' })`ip netns exec c1 node -e ${ask}`;
  await server.kill();
}

/** A process with a network of its own, which is all that a container is to netwire; named for `ip netns`. */
async function container(name) {
  await $`ip netns add ${name}`;
  await $`ip -n ${name} link set lo up`;
}

console.log('Two containers, c1 and c2, with nothing but a loopback:');
await container('c1');
await container('c2');
await type('netwire --dry-run br1 c1 192.168.1.1/24');
await type('netwire -v br1 c1 192.168.1.1/24');
await type('netwire -v br1 c2 192.168.1.2/24');
await talk();
await type('netwire show');
await type('netwire br1 c1 192.168.1.1/24');
await type('netwire del c1');
await type('netwire del c2');
await type('ip -brief link');
console.log(chalk.green('\nThe bridge went with its last port; nothing is left.'));
