// The module's types in one file that needs no other: what tsc declares for it and for what it imports, one behind the
// other, with nothing exported but what the module exports.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const ENTRY = 'src/module/index';

/** Writes dist/module.d.cts; throws where tsc finds a fault. */
export function buildTypes() {
  const out = mkdtempSync(`${root}/dist/types-`);
  try {
    const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: root, outDir: out };
    const config = { extends: `${root}/tsconfig.json`, compilerOptions, files: [`${root}/${ENTRY}.ts`], include: [] };
    writeFileSync(`${out}/tsconfig.json`, JSON.stringify(config));
    const { status, stdout } = spawnSync(`${root}/node_modules/.bin/tsc`, ['-p', out], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tsc: ${stdout}`);
    writeFileSync(`${root}/dist/module.d.cts`, joined(out));
  } finally {
    rmSync(out, { recursive: true });
  }
}

const IMPORT = /^import (?:type )?\{[^}]*\} from '(\.[^']*)\.ts';\n/gm;
const EXPORT = /^export (?:type )?\{[^}]*\} from '(\.[^']*)\.ts';\n/gm;

function joined(out) {
  const read = (name) => readFileSync(`${out}/${name}.d.ts`, 'utf8');
  const seen = new Set();
  const bodies = [];
  const take = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = read(name);
    for (const [, from] of [...text.matchAll(IMPORT), ...text.matchAll(EXPORT)])
      take(path.join(path.dirname(name), from));
    const own = text.replace(IMPORT, '').replace(EXPORT, '').replace('export {};\n', '');
    if (/^import |import\(/m.test(own)) throw new Error(`${name}: it needs another package`);
    // What the entry declares is exported by it; all the rest is named by its list alone.
    bodies.push(name === ENTRY ? own : own.replace(/^export (?=declare |interface |type )/gm, ''));
  };
  take(ENTRY);
  const lists = [...read(ENTRY).matchAll(EXPORT)].map(([list]) => list.replace(/ from .*/, ';'));
  return `${bodies.join('\n')}${lists.join('')}`;
}
