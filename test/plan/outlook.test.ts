import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkFacts } from '../../src/facts.ts';
import { Outlook } from '../../src/plan/outlook.ts';
import { addFacts, FIREWALL, link, OUR_BRIDGE } from '../model/facts.ts';
import { planOf, resolvedOf } from '../model/plan.ts';

const NIC = link('eth0');

/** What a batch may carry out as it was planned ahead: one answer a line. */
function settled(...lines: [line: string, netns: number, parent: LinkFacts | null, drops?: boolean][]): boolean[] {
  const outlook = new Outlook();
  return lines.map(([line, netns, parent, drops]) => {
    const facts = addFacts({ parent: parent ?? outlook.link('br1'), firewall: drops ? [FIREWALL] : [] });
    const here = { ...facts, target: { ...facts.target, netns } };
    const { resolved } = resolvedOf(line, here);
    const plan = planOf(line, here);
    const isSettled = outlook.leavesAlone(plan, here, resolved);
    outlook.noteAdd(plan, here, resolved);
    return isSettled;
  });
}

test('ports of a bridge that is there, each for a container of its own, are carried out as they were planned', () => {
  const ports = settled(['br1 c1 10.0.0.1/24', 1, OUR_BRIDGE], ['br1 c2 10.0.0.2/24@10.0.0.9', 2, OUR_BRIDGE]);
  assert.deepEqual(ports, [true, true]);
});

test('what depends on an earlier line, or changes more than its own links, is planned again', () => {
  // The bridge is made by the first one.
  assert.deepEqual(settled(['br1 c1 10.0.0.1/24', 1, null], ['br1 c2 10.0.0.2/24', 2, null]), [false, false]);
  // The same container.
  const twice = settled(['br1 c1 10.0.0.1/24', 1, OUR_BRIDGE], ['br1 c1 10.1.0.1/24 -i eth2', 1, OUR_BRIDGE]);
  assert.deepEqual(twice, [true, false]);
  // A port's MTU may become the bridge's.
  const small = settled(['br1 c1 10.0.0.1/24 --mtu 1400', 1, OUR_BRIDGE], ['br1 c2 10.0.0.2/24', 2, OUR_BRIDGE]);
  assert.deepEqual(small, [true, false]);
  // A rule of the firewall, a bridge that is set up, children with a mode that all of them have.
  assert.deepEqual(settled(['br1 c1 10.0.0.1/24', 1, OUR_BRIDGE, true]), [false]);
  assert.deepEqual(settled(['br1 c1 10.0.0.1/24', 1, { ...OUR_BRIDGE, up: false }]), [false]);
  assert.deepEqual(settled(['ipvlan:eth0 c1 10.0.0.1/24', 1, NIC]), [false]);
});
