import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEMOTION, withdrawal } from '../../src/address/default-route.ts';
import { InterruptedError, LeftoverError, StateError } from '../../src/errors.ts';
import type { Place, Plan, Step } from '../../src/plan/step.ts';
import { carryOut, Halted, StepFailure, Transaction } from '../../src/plan/transaction.ts';
import { addFacts, containerFacts, defaultRoute, FIREWALL, OUR_BRIDGE } from '../model/facts.ts';
import { Network } from '../model/network.ts';
import { planOf } from '../model/plan.ts';

const QUIET = { signal: null, impatient: false };

/** A request, and facts it meets: an existing bridge or none, a firewall or none, other default routes. */
const situation = fc.record({
  addresses: fc.subarray(['10.0.0.1/24@10.0.0.254', 'fd00::1/64@fd00::ff', '10.1.0.1/32', 'fd01::1/128']),
  bridge: fc.boolean(),
  drops: fc.boolean(),
  routes: fc.subarray([
    defaultRoute('172.17.0.1', 'eth0', 0),
    defaultRoute('172.18.0.1', 'eth0', 100),
    defaultRoute('172.19.0.1', 'eth0', DEMOTION),
    defaultRoute('fd09::1', 'eth0', 1024),
  ]),
});

type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

async function machine({ routes, bridge }: Situation): Promise<Network> {
  const network = new Network();
  const run = (netns: Place, line: string) => network.execute({ netns, command: line.split(' '), undo: null });
  await run('container', 'ip link add name eth0 type dummy');
  await run('container', 'ip link set dev eth0 up');
  for (const { words, metric } of routes) await run('container', `ip route add ${words.join(' ')} metric ${metric}`);
  if (bridge) {
    await run('host', 'ip link add name br1 type bridge');
    await run('host', 'ip link set dev br1 alias netwire:1 up');
  }
  network.ran = [];
  return network;
}

function planFor({ addresses, bridge, drops, routes }: Situation) {
  const container = containerFacts({ defaultRoutes: routes });
  return planOf(
    `br1 c1 ${addresses.join(',') || '0/0'}`,
    addFacts({ container, parent: bridge ? OUR_BRIDGE : null, firewall: drops ? [FIREWALL] : [] }),
  );
}

/** Another step's failure is none of the plan's. */
const mustSucceed = ({ steps }: Plan) => steps.filter(({ mayFail }) => !mayFail);

/** Runs all of them, whichever fails. */
const inTurns = (execute: (step: Step) => Promise<void>) => ({
  async executeAll(steps: readonly Step[]) {
    const isAdded = ({ command }: Step) => /^ip (addr|route) add /.test(command.join(' '));
    assert.ok(
      steps.length > 1 && steps.every((step) => step.undo === null || isAdded(step)),
      'what has an inverse adds something',
    );
    assert.ok(!steps.some(({ command }) => command.includes('group')), 'none says that its link is finished');
    const outcomes = await Promise.allSettled(steps.map((step) => execute(step)));
    const failed = steps.filter((_, i) => outcomes[i]?.status === 'rejected');
    const first = outcomes.find(({ status }) => status === 'rejected');
    if (first?.status !== 'rejected') return;
    assert.ok(first.reason instanceof StepFailure);
    const { line, why, uncertain } = first.reason;
    throw new StepFailure(line, why, uncertain, failed);
  },
});

test('after any prefix of a plan, undoing gives back what was there, also where steps are run in one turn', async () => {
  await fc.assert(
    fc.asyncProperty(situation, fc.nat(), fc.boolean(), async (one, cut, isTogether) => {
      const network = await machine(one);
      const plan = planFor(one);
      const before = network.state();
      const failing = mustSucceed(plan)[cut % mustSucceed(plan).length];
      const execute = (step: Step) =>
        step === failing ? Promise.reject(new StepFailure('it', 'injected')) : network.execute(step);
      const line = network.line.bind(network);
      const executor = { line, execute, ...(isTogether ? inTurns(execute) : {}) };
      await assert.rejects(carryOut(plan, executor, QUIET), /^Error: it: injected; everything was undone$/);
      assert.deepEqual(network.state(), before);
    }),
    { numRuns: 300 },
  );
});

test('a step that may have been done although it failed is undone as well', async () => {
  await fc.assert(
    fc.asyncProperty(situation, fc.nat(), fc.boolean(), fc.boolean(), async (one, cut, wasDone, isTogether) => {
      const network = await machine(one);
      const plan = planFor(one);
      const before = network.state();
      const failing = mustSucceed(plan)[cut % mustSucceed(plan).length];
      const execute = async (step: Step) => {
        if (step !== failing || wasDone) await network.execute(step);
        if (step === failing) throw new StepFailure('it', 'ended', true);
      };
      const line = network.line.bind(network);
      const executor = { line, execute, ...(isTogether ? inTurns(execute) : {}) };
      await assert.rejects(carryOut(plan, executor, QUIET), StateError);
      assert.deepEqual(network.state(), before);
    }),
    { numRuns: 300 },
  );
});

test('what a failed step of a turn met is left alone', async () => {
  const network = new Network();
  const run = (netns: Place, line: string) => network.execute({ netns, command: line.split(' '), undo: null });
  await run('container', 'ip link add name eth0 type dummy');
  await run('container', 'ip addr add 10.0.0.1/24 dev eth0');
  const before = network.state();
  const added = (address: string): Step => ({
    netns: 'container',
    command: ['ip', 'addr', 'add', address, 'dev', 'eth0'],
    undo: ['ip', 'addr', 'del', address, 'dev', 'eth0'],
  });
  const steps = [added('10.0.0.2/24'), added('10.0.0.1/24'), added('10.0.0.3/24')];
  const execute = (step: Step) => network.execute(step);
  const executor = { line: network.line.bind(network), execute, ...inTurns(execute) };
  await assert.rejects(carryOut({ steps, cleanup: [] }, executor, QUIET), /everything was undone$/);
  assert.deepEqual(network.state(), before);
});

test('plans at the same time are all done, or none: the first failure stops the others, and all are undone', async () => {
  const request = fc.record({
    failing: fc.nat(),
    other: fc.option(fc.nat(), { nil: null }),
    uncertain: fc.boolean(),
    order: fc.array(fc.nat({ max: 3 }), { minLength: 30, maxLength: 30 }),
    isTogether: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ failing, other, uncertain, order, isTogether }) => {
      const network = new Network();
      await network.execute({ netns: 'host', command: 'ip link add name br1 type bridge'.split(' '), undo: null });
      const before = network.state();
      const plans = [1, 2, 3].map((i) =>
        planOf(`br1 c1 10.0.${i}.1/24 -i eth${i} -l host${i}`, addFacts({ parent: OUR_BRIDGE })),
      );
      const steps = plans.flatMap(mustSucceed);
      const failed = new Set([failing, ...(other === null ? [] : [other])].map((at) => steps[at % steps.length]));
      const execute = async (step: Step) => {
        for (let turns = order.pop() ?? 0; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
        if (!failed.has(step)) return network.execute(step);
        if (uncertain) await network.execute(step);
        throw new StepFailure('it', 'injected', uncertain);
      };
      const executorOf = () => ({ line: network.line.bind(network), execute, ...(isTogether ? inTurns(execute) : {}) });
      const transaction = new Transaction(executorOf(), QUIET);
      const ends = await Promise.allSettled(plans.map((plan) => transaction.run(plan.steps, undefined, executorOf())));
      const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
      assert.equal(errors.filter((error) => !(error instanceof Halted)).length, 1);
      assert.match(String(errors.find((error) => !(error instanceof Halted))), /injected; everything was undone$/);
      assert.deepEqual(network.state(), before);
    }),
    { numRuns: 300 },
  );
});

test('a signal before the last step undoes all; one after it changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(situation, fc.nat(), async (one, cut) => {
      const network = await machine(one);
      const plan = planFor(one);
      const before = network.state();
      const interruption = { signal: null as number | null, impatient: false };
      const at = cut % plan.steps.length;
      let ran = 0;
      const executor = {
        line: network.line.bind(network),
        async execute(step: Step) {
          await network.execute(step);
          if (ran++ === at) interruption.signal = 15;
        },
      };
      if (at === plan.steps.length - 1) return carryOut(plan, executor, interruption);
      await assert.rejects(
        carryOut(plan, executor, interruption),
        (error) => error instanceof InterruptedError && error.exitStatus === 143,
      );
      assert.deepEqual(network.state(), before);
    }),
    { numRuns: 200 },
  );
});

test('a second signal stops undoing, and what is left is listed with its command', async () => {
  const network = await machine({ addresses: [], bridge: false, drops: false, routes: [] });
  const plan = planFor({ addresses: [], bridge: false, drops: false, routes: [] });
  const interruption = { signal: null as number | null, impatient: false };
  const executor = {
    line: network.line.bind(network),
    async execute(step: Step) {
      await network.execute(step);
      if (step === plan.steps[3]) Object.assign(interruption, { signal: 2, impatient: true });
    },
  };
  await assert.rejects(carryOut(plan, executor, interruption), (error) => {
    assert(error instanceof LeftoverError);
    assert.equal(error.exitStatus, 5);
    assert.deepEqual(error.left, ['host: ip link del dev veth1pl4711', 'host: ip link del dev br1']);
    return true;
  });
});

test('an undo that fails is listed, and the others are still done', async () => {
  const network = await machine({ addresses: [], bridge: false, drops: false, routes: [] });
  const plan = planFor({ addresses: [], bridge: false, drops: false, routes: [] });
  const executor = {
    line: network.line.bind(network),
    async execute(step: Step) {
      if (step === plan.steps.at(-1)) throw new StepFailure('last', 'injected');
      if (step.command.includes('del') && step.command.includes('veth1pl4711'))
        throw new StepFailure('ip link del dev veth1pl4711', 'Operation not permitted');
      await network.execute(step);
    },
  };
  await assert.rejects(
    carryOut(plan, executor, QUIET),
    (error) => error instanceof LeftoverError && error.left.length === 1,
  );
  assert.equal(network.find('host', 'br1'), undefined);
});

test('a result that is not as asked is undone', async () => {
  const one = {
    addresses: ['10.0.0.1/24@10.0.0.254'],
    bridge: false,
    drops: true,
    routes: [defaultRoute('172.17.0.1', 'eth0', 0)],
  };
  const network = await machine(one);
  const before = network.state();
  await assert.rejects(
    carryOut(planFor(one), network, QUIET, () => Promise.reject(new StateError('not-as-asked', 'gone'))),
    /gone/,
  );
  assert.deepEqual(network.state(), before);
});

test('default routes come back to their metrics in whatever order their displacers go', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1 }),
      fc.infiniteStream(fc.nat()),
      async (order, random) => {
        const network = await machine({
          addresses: [],
          bridge: false,
          drops: false,
          routes: [defaultRoute('172.17.0.1', 'eth0', 0), defaultRoute('172.18.0.1', 'eth0', 50)],
        });
        const before = network.state();
        const routes = () =>
          network.routes.map(({ words, metric, link }) =>
            defaultRoute(words.split(' ')[2] ?? '', link, Number(metric)),
          );
        for (const number of order) {
          const line = `br1 c1 10.0.${number}.1/24@10.0.${number}.254 -i eth${number}`;
          const container = containerFacts({ defaultRoutes: routes() });
          const parent = network.find('host', 'br1') ? OUR_BRIDGE : null;
          await carryOut(planOf(line, addFacts({ container, parent })), network, QUIET);
          assert.equal(Math.min(...routes().map(({ metric }) => metric)), 0);
        }
        const left = [...order];
        while (left.length > 0) {
          const [number] = left.splice((random.next().value ?? 0) % left.length, 1);
          for (const step of withdrawal('container', `eth${number}`, ['inet'], routes()).before)
            await network.execute(step);
          await network.execute({
            netns: 'container',
            command: ['ip', 'link', 'del', 'dev', `eth${number}`],
            undo: null,
          });
          assert.equal(Math.min(...routes().map(({ metric }) => metric)), 0);
        }
        await network.execute({ netns: 'host', command: ['ip', 'link', 'del', 'dev', 'br1'], undo: null });
        assert.deepEqual(network.state(), before);
      },
    ),
  );
});
