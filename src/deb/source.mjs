// What the sources say of themselves, so that a package depends on nothing else.
import { spawnSync } from 'node:child_process';

/**
 * SOURCE_DATE_EPOCH, or when the last commit was made.
 *
 * @throws Error where there is neither
 */
export function sourceDate(root) {
  const { SOURCE_DATE_EPOCH: given } = process.env;
  const seconds = given ?? lastCommit(root, '%ct');
  if (!/^\d+$/.test(seconds)) throw new Error(`no commit here, and SOURCE_DATE_EPOCH is ${JSON.stringify(given)}`);
  return new Date(Number(seconds) * 1000);
}

/** "NAME <ADDRESS>": DEBFULLNAME and DEBEMAIL (debchange(1)), or who made the last commit. */
export function maker(root) {
  const { DEBFULLNAME: name, DEBEMAIL: address } = process.env;
  if (address) return `${name ?? 'netwire'} <${address}>`;
  const found = lastCommit(root, '%an <%ae>');
  if (found === '') throw new Error('no commit here, and DEBEMAIL is not set');
  return found;
}

function lastCommit(root, format) {
  const { stdout } = spawnSync('git', ['-C', root, 'log', '-1', `--format=${format}`], { encoding: 'utf8' });
  return (stdout ?? '').trim();
}
