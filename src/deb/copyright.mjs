// debian/copyright in its machine-readable form (DEP-5).

/** What the form calls them. */
const SHORT_NAMES = { MIT: 'Expat' };

/**
 * @param {{name: string, version: string, license: string, text: string}[]} packages in the bundle
 * @param {number} year
 * @throws Error for one whose licence names no holder of the copyright
 */
export function copyright(packages, year) {
  return `${[HEAD, own(year), ...packages.map(foreign), APACHE].join('\n\n')}\n`;
}

const HEAD = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: netwire
Comment:
 The npm packages below are part of usr/lib/netwire/dist/netwire.cjs.`;

function own(year) {
  return `Files: *
Copyright: ${year} the authors of netwire
License: Apache-2.0`;
}

function foreign({ name, version, license, text }) {
  const holders = text.match(/^copyright .*$/gim);
  if (holders === null) throw new Error(`${name}: its licence names no holder of the copyright`);
  return `Files: node_modules/${name}/*
Copyright:${holders.map((one) => `\n ${one.replace(/^copyright +(\(c\) *)?/i, '').trim()}`).join('')}
License: ${SHORT_NAMES[license] ?? license}
${indented(text)}
Comment: npm package ${name} ${version}`;
}

/** A line that is empty is a dot (deb822(5)). */
function indented(text) {
  return text
    .split('\n')
    .map((line) => ` ${line.trim() === '' ? '.' : line.trimEnd()}`)
    .join('\n');
}

const APACHE = `License: Apache-2.0
 Licensed under the Apache License, Version 2.0. On Debian systems its text is in
 /usr/share/common-licenses/Apache-2.0.`;
