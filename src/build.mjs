// `npm run build`: all of netwire in one file, dist/netwire.cjs, and beside it what V8 makes of that; and the module for
// scripts in another, dist/module.cjs, with its types.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { buildTypes } from './build-types.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** Functions whose modules Node takes milliseconds to load, and that are seldom called. */
const SELDOM = { 'node:crypto': ['createHash'], 'node:fs/promises': ['readFile'] };

/** Loads such a module when one of its functions is called. */
const whenCalled = {
  name: 'when-called',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${Object.keys(SELDOM).join('|')})$`);
    onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: 'when-called' }));
    onLoad({ filter: /./, namespace: 'when-called' }, ({ path: name }) => ({
      contents: SELDOM[name]
        .map((one) => `export const ${one} = (...words) => module.require('${name}').${one}(...words);`)
        .join('\n'),
    }));
  },
};

const both = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.12',
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [whenCalled],
};

const { outputFiles, metafile } = await build({
  ...both,
  entryPoints: [`${root}/src/main.ts`],
  minify: true,
  // bin/netwire reads it as Latin-1, and calls the function that it is.
  charset: 'ascii',
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  // A script that is run with a code cache has no loader for one; here it is a call of require.
  supported: { 'dynamic-import': false },
  outfile: 'dist/netwire.cjs',
  metafile: true,
  // Shell scripts that completion prints.
  loader: { '.bash': 'text', '.zsh': 'text', '.fish': 'text' },
  write: false,
});
const code = outputFiles[0].text;
const hash = createHash('sha256').update(code).digest('hex');
mkdirSync(`${root}/dist`, { recursive: true });
// The hash says whether what is kept of V8's work is of this very file.
writeFileSync(`${root}/dist/netwire.cjs`, `/*${hash}*/${code}`);
// Scripts read what is thrown: names and lines as they are written.
await build({ ...both, entryPoints: [`${root}/src/module/index.ts`], outfile: `${root}/dist/module.cjs` });
buildTypes();
// What it is made of: the package's copyright file tells (src/deb).
writeFileSync(`${root}/dist/netwire.meta.json`, JSON.stringify(metafile));
const { status } = spawnSync(process.execPath, [`${root}/bin/make-code-cache`], { stdio: 'inherit' });
process.exitCode = status ?? 1;
