// `npm run deb`: dist/netwire_VERSION_all.deb, of the bundle that was built. The same sources make the same bytes.
//
//   node src/deb/make.mjs [FOLDER]      where the package goes; default dist
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundledPackages } from './bundled.mjs';
import { debianChangelog } from './changelog.mjs';
import { completions } from './completions.mjs';
import { copyright } from './copyright.mjs';
import { maker, sourceDate } from './source.mjs';
import { Tree } from './tree.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.resolve(process.argv[2] ?? `${root}/dist`);
const read = (file) => readFileSync(`${root}/${file}`, 'utf8');

const { version } = JSON.parse(read('package.json'));
const date = sourceDate(root);
const maintainer = maker(root);
const tree = new Tree(mkdtempSync(path.join(os.tmpdir(), 'netwire-deb.')), date);
try {
  programs();
  documents();
  for (const [file, text] of completions(`${root}/bin/netwire`)) tree.write(file, text);
  for (const unit of ['netwire@.service', 'netwire-gc.service', 'netwire-gc.timer'])
    tree.write(`usr/lib/systemd/system/${unit}`, read(`src/deb/${unit}`));
  tree.folder('etc/netwire');
  control();
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/netwire_${version}_all.deb`;
  tree.pack(file);
  console.log(path.relative(process.cwd(), file));
} finally {
  rmSync(tree.base, { recursive: true });
}

function programs() {
  // The package's own dependency, whatever else is on somebody's PATH.
  for (const name of ['netwire', 'netwire-dhcp', 'netwire-pipework', 'make-code-cache'])
    tree.write(`usr/lib/netwire/bin/${name}`, read(`bin/${name}`).replace(/^#!.*node\n/, '#!/usr/bin/node\n'), 0o755);
  tree.write('usr/lib/netwire/bin/package.json', read('bin/package.json'));
  tree.write('usr/lib/netwire/dist/netwire.cjs', read('dist/netwire.cjs'));
  for (const name of ['netwire', 'netwire-pipework']) tree.link(`usr/sbin/${name}`, `../lib/netwire/bin/${name}`);
}

function documents() {
  const { outputs } = JSON.parse(read('dist/netwire.meta.json'));
  const packages = bundledPackages(outputs['dist/netwire.cjs'], root);
  const doc = 'usr/share/doc/netwire';
  for (const page of ['netwire.8', 'netwire-pipework.8'])
    tree.zip(`usr/share/man/man8/${page}.gz`, read(`man/${page}`));
  tree.write(`${doc}/copyright`, copyright(packages, date.getUTCFullYear()));
  tree.zip(`${doc}/changelog.gz`, debianChangelog(read('CHANGELOG.md'), { version, maintainer, date }));
  tree.write(`${doc}/examples/wait-for-link`, read('examples/wait-for-link'), 0o755);
  tree.write('usr/share/lintian/overrides/netwire', read('src/deb/lintian-overrides'));
}

function control() {
  const values = { VERSION: version, MAINTAINER: maintainer, INSTALLED_SIZE: tree.kibibytes() };
  const text = read('src/deb/control').replace(/@(\w+)@/g, (_, name) => String(values[name]));
  tree.write('DEBIAN/md5sums', tree.md5sums());
  tree.write('DEBIAN/control', text);
  tree.write('DEBIAN/triggers', read('src/deb/triggers'));
  for (const script of ['postinst', 'prerm', 'postrm'])
    tree.write(`DEBIAN/${script}`, read(`src/deb/${script}`), 0o755);
}
