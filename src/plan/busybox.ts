/**
 * A plan in the words of busybox's tools: its `ip` makes and sets one thing at a time and knows
 * neither aliases nor a veth's other end, and bridges are brctl(8)'s. Pure.
 */
import { StateError } from '../errors.ts';
import { type Place, type Plan, type Step, stepIn, type Word } from './step.ts';

/**
 * Writes a link's alias. /sys shows the namespace it was mounted in, so another is mounted, for this
 * command alone.
 */
const WRITE_ALIAS = 'mount -t sysfs sysfs /sys && printf "%s\\n" "$1" >/sys/class/net/"$0"/ifalias';

/**
 * Moves a veth's other end, to which the kernel gave a name, out under its own name: "3: eth1@veth0: <...".
 * ip takes no path here but a process: the one in the path /proc/PID/ns/net.
 */
const MOVE_PEER = `peer=$(ip link show dev "$0") && peer=\${peer%%: <*} && pid=\${2#/proc/} && ip link set dev "\${peer##*@}" name "$1" netns "\${pid%%/*}"`;

/** What `ip link set dev NAME` can be told at once; it knows no groups, by which a killed netwire's links are known, and how many words follow. */
const SETTINGS: Readonly<Record<string, number>> = { up: 0, down: 0, address: 1, mtu: 1, name: 1 };

/**
 * Says a plan in busybox's words, in more steps where one does not suffice; each keeps its inverse.
 *
 * @param plan in iproute2's words
 * @throws StateError for a step that busybox has no words for
 */
export function inBusyboxWords<P extends Plan>(plan: P): P {
  return { ...plan, steps: plan.steps.flatMap(stepsFor), cleanup: plan.cleanup.flatMap(stepsFor) };
}

function stepsFor(step: Step): Step[] {
  const steps = translate(step);
  const { onceForwarding } = step;
  if (onceForwarding === undefined) return steps;
  return steps.map((one, i) => (i === 0 ? { ...one, onceForwarding } : one));
}

function translate(step: Step): Step[] {
  const [tool, object, verb, ...words] = step.command;
  if (tool === 'bridge') throw vlansRefused();
  if (tool !== 'ip') return [step];
  switch (`${object} ${verb}`) {
    case 'link add':
      return linkAdd(step, words);
    case 'link set':
      return linkSet(step, words);
    case 'addr add':
      return addressAdd(step);
    case 'link del':
    case 'addr del':
      return [step];
    case 'route add':
    case 'route replace':
    case 'route del':
      // A route's protocol, by which netwire knows its own, cannot be read.
      if (words.includes('proto')) throw refused('--route and --table', "tell netwire's routes from others");
      return [step];
    default:
      throw refused(step.command.join(' '), 'do it');
  }
}

function linkAdd(step: Step, words: readonly Word[]): Step[] {
  const type = words.indexOf('type');
  const [kind, ...data] = words.slice(type + 1);
  const { name = '', address, mtu } = settings(words.slice(0, type));
  if (kind === 'bridge') {
    if (data.length > 0) throw vlansRefused();
    const made = stepIn(step.netns, ['brctl', 'addbr', name], step.undo);
    return [made, ...setSteps(step.netns, name, { address, mtu })];
  }
  if (kind === 'veth' && data[0] === 'peer') {
    const { name: inside = '', address: mac, mtu: innerMtu, netns } = settings(data.slice(1));
    if (typeof netns === 'object' && step.netns === 'host') {
      // Made inside, where its name is meant: a peer gets a name of the kernel's that cannot be chosen here.
      const add = ['ip', 'link', 'add', 'name', inside, ...(mac === undefined ? [] : ['address', mac]), 'type', 'veth'];
      return [
        stepIn(netns.path, add, ['ip', 'link', 'del', 'dev', inside]),
        ...setSteps(netns.path, inside, { mtu: innerMtu }),
        stepIn(netns.path, ['sh', '-c', MOVE_PEER, inside, name, { path: step.netns }]),
        ...setSteps(step.netns, name, { address, mtu }),
      ];
    }
  }
  throw refused(String(kind), 'make it');
}

/** Words in pairs. */
function settings(words: readonly Word[]): Readonly<Record<string, Word>> {
  return Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : [])));
}

function setSteps(netns: Place, ifname: Word, values: Readonly<Record<string, Word | undefined>>): Step[] {
  const words = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [key, value]));
  return words.length === 0 ? [] : [stepIn(netns, ['ip', 'link', 'set', 'dev', ifname, ...words])];
}

function linkSet(step: Step, [, ifname = '', ...words]: readonly Word[]): Step[] {
  const commands: Word[][] = [];
  const plain: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = String(words[i]);
    const count = SETTINGS[word];
    if (word === 'alias') commands.push(['unshare', '-m', 'sh', '-c', WRITE_ALIAS, ifname, words[++i] ?? '']);
    else if (word === 'group' || word === 'addrgenmode') i++;
    else if (word === 'master') commands.push(['brctl', 'addif', words[++i] ?? '', ifname]);
    else if (count !== undefined) plain.push(...words.slice(i, i + 1 + count));
    else if (word === 'type' && words[i + 1] === 'bridge') throw vlansRefused();
    else throw refused(`ip link set ${word}`, 'do it');
    i += count ?? 0;
  }
  if (plain.length > 0) commands.push(['ip', 'link', 'set', 'dev', ifname, ...plain]);
  const undo = step.undo && inverse(step.netns, step.undo);
  return commands.map((command, i) => stepIn(step.netns, command, i === 0 ? undo : null));
}

function inverse(netns: Place, undo: readonly Word[]): readonly Word[] {
  const [one, another] = translate(stepIn(netns, undo));
  if (!one || another) throw new Error(`an inverse takes one command: ${undo.join(' ')}`);
  return one.command;
}

/** Without `nodad`, an address is usable at once if the link detects no duplicates (accept_dad). */
function addressAdd(step: Step): Step[] {
  if (!step.command.includes('nodad')) return [step];
  const ifname = step.command[step.command.indexOf('dev') + 1];
  return [
    stepIn(step.netns, ['sysctl', '-w', `net/ipv6/conf/${ifname}/accept_dad=0`]),
    { ...step, command: step.command.filter((word) => word !== 'nodad') },
  ];
}

function vlansRefused(): StateError {
  return refused('VLANs of a bridge port', 'set them');
}

function refused(what: string, does: string): StateError {
  return new StateError('busybox', `${what}: this machine's ip is busybox's, which cannot ${does}`, 'install iproute2');
}
