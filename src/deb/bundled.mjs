// The npm packages that really are in the bundle, and their licences.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {{inputs: Record<string, {bytesInOutput: number}>}} output of esbuild's metafile, the bundle's
 * @param {string} root what the inputs' paths are relative to
 * @returns {{name: string, version: string, license: string, text: string}[]} by name
 * @throws Error for one that says no licence, or has not its text
 */
export function bundledPackages(output, root) {
  const folders = Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .map((folder) => licenceOf(path.join(root, folder)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name}: package.json says no licence`);
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.(md|txt))?$/i.test(one));
  if (file === undefined) throw new Error(`${name}: the text of its licence is missing`);
  return { name, version, license, text: readFileSync(`${folder}/${file}`, 'utf8').trim() };
}
