// Runs words and times them.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Runs words to their end, which must be a good one. */
export function run([file, ...words], input = '') {
  const options = { input, stdio: ['pipe', 'ignore', 'pipe'], maxBuffer: 1 << 28 };
  const { status, stderr, error } = spawnSync(file, words, options);
  if (status !== 0) throw new Error(`${file} ${words.join(' ').slice(0, 200)}: ${error ?? stderr}`);
}

export function milliseconds(words, input) {
  const before = process.hrtime.bigint();
  run(words, input);
  return Number(process.hrtime.bigint() - before) / 1e6;
}

/**
 * Times all candidates in turn, again and again, so that what else the machine does hits them alike.
 *
 * @param candidates `words`, and what is done `after` them
 * @returns a Map from names to medians in milliseconds; null for one that cannot do its work here
 */
export function measureAll(candidates, runs) {
  const times = new Map(candidates.map(({ name }) => [name, []]));
  for (let i = -1; i < runs; i++)
    for (const { name, words, after, input } of candidates) {
      const list = times.get(name);
      if (list === null) continue;
      try {
        const time = milliseconds(words, input);
        if (i >= 0) list.push(time);
        if (after) run(after);
      } catch (error) {
        process.stderr.write(`${name}: not measured: ${String(error.message).trim().split('\n').at(-1)}\n`);
        times.set(name, null);
      }
    }
  return new Map([...times].map(([name, list]) => [name, list && median(list)]));
}

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The most memory that a command's process had, in MB. */
export async function peakMemory([file, ...words], input) {
  const child = spawn(file, words, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(input);
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      peak = Math.max(peak, Number(kilobytes ?? 0) / 1024);
    } catch {}
  }, 5);
  await new Promise((ended) => child.on('close', ended));
  clearInterval(timer);
  return peak;
}

/** How many processes a command starts, by strace(1); null where there is none. */
export function processesOf(words) {
  const calls = 'trace=fork,vfork,clone,clone3';
  const { status, stderr } = spawnSync('strace', ['-f', '-qq', '-e', calls, '-e', 'signal=none', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) return null;
  return stderr.split('\n').filter((line) => /\b(v?fork|clone3?)\(/.test(line) && !line.includes('CLONE_THREAD'))
    .length;
}

export function ms(time) {
  return `${time.toFixed(1).padStart(8)} ms`;
}

export function times(ratio, of, bar = null) {
  return `${ratio.toFixed(2).padStart(6)} x ${of}${bar === null ? '' : ` [${bar}]`}`;
}
