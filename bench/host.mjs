// Containers and bridges to measure on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { run } from './timing.mjs';

/** A process with a network of its own. */
export function startContainer() {
  const { stdout } = spawnSync('sh', ['-c', 'unshare --net sleep 100000 >/dev/null 2>&1 & echo $!'], {
    encoding: 'utf8',
  });
  const pid = Number(stdout);
  while (readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net'));
  return pid;
}

/** As netwire makes it. */
export function makeBridge(name) {
  run(['ip', 'link', 'add', name, 'type', 'bridge']);
  run(['ip', 'link', 'set', name, 'up', 'alias', 'netwire:1']);
}

/**
 * Docker, Podman, containerd and LXC side by side, each with something to be asked about.
 *
 * @returns the PID of Docker's container c1; null where one of them is not installed
 */
export function startRuntimes(root) {
  const programs = ['dockerd', 'podman', 'containerd', 'lxc-start', 'curl'];
  const absent = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;
  if (process.getuid?.() !== 0 || programs.some(absent)) return null;
  spawn('containerd', { stdio: 'ignore', detached: true }).unref();
  const env = { ...process.env, RUNTIMES_STATE: '/run/lab', RUNTIMES_NO_APT: '1' };
  const options = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const { status } = spawnSync(`${root}/test/lab/runtimes-up`, ['docker', 'lxc'], options);
  if (status !== 0) return null;
  const image = 'tar -C /run/lab/busybox-rootfs -c . | podman import -q - localhost/test';
  spawnSync('sh', ['-c', `${image} && podman create --network none --name p1 localhost/test true`], options);
  spawnSync('docker', ['run', '-d', '--network', 'none', '--name', 'c1', 'netwire-test:busybox'], options);
  while (!existsSync('/run/containerd/containerd.sock'));
  process.env.NETWIRE_LXCPATH = '/run/lab/lxc';
  return Number(spawnSync('docker', ['inspect', '-f', '{{.State.Pid}}', 'c1'], options).stdout) || null;
}

/** What no tool can be quicker than: the same steps by hand, in a shell. */
export function stepsByHand(bridge, pid, host) {
  return `
ip -batch - <<BATCH
link add name ${host} mtu 1500 type veth peer name eth1 mtu 1500 netns ${pid}
link set dev ${host} master ${bridge} up
BATCH
nsenter --net=/proc/${pid}/ns/net sh -c 'echo 1 >/proc/sys/net/ipv4/conf/eth1/arp_notify; exec ip -batch -' <<BATCH
link set dev eth1 up
addr add 10.0.0.1/24 broadcast + dev eth1
BATCH`;
}
