// CHANGELOG.md in the form of deb-changelog(5).

const WIDTH = 78;

/**
 * @param {string} markdown a section a version, "## [1.2.3] - 2026-01-31" or "## [Unreleased]"
 * @param {{version: string, maintainer: string, date: Date}} now what is not released yet
 * @throws Error when there is no section
 */
export function debianChangelog(markdown, now) {
  const sections = markdown.split(/^## /m).slice(1);
  if (sections.length === 0) throw new Error('CHANGELOG.md: no section "## [VERSION] - DATE"');
  return sections.map((section) => entry(section, now)).join('\n');
}

function entry(section, now) {
  const [, word = '', day] = /^\[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?/.exec(section) ?? [];
  const version = day === undefined ? now.version : word;
  const date = day === undefined ? now.date : new Date(`${day}T00:00:00Z`);
  const changes = section
    .split(/^- /m)
    .slice(1)
    // Up to an empty line, and without Markdown's code marks.
    .map((text) => text.split(/\n\n/)[0].replaceAll('`', '').trim().split(/\s+/))
    .map((words) => `  * ${wrapped(words)}`);
  const head = `netwire (${version}) ${day === undefined ? 'UNRELEASED' : 'unstable'}; urgency=medium`;
  return `${head}\n\n${changes.join('\n')}\n\n -- ${now.maintainer}  ${rfc5322(date)}\n`;
}

function wrapped(words) {
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== '' && line.length + word.length + 5 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n    ');
}

function rfc5322(date) {
  return date.toUTCString().replace('GMT', '+0000');
}
