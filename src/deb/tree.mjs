// The files of a package, in a folder of their own until they are packed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export class Tree {
  /** What stands in it: a file's contents, null for what has none. */
  #files = new Map();

  /**
   * @param {string} base an empty folder
   * @param {Date} date of all files
   */
  constructor(base, date) {
    this.base = base;
    this.date = date;
    chmodSync(base, 0o755);
  }

  folder(name) {
    if (this.#files.has(name) || name === '.') return;
    this.folder(path.dirname(name));
    mkdirSync(`${this.base}/${name}`);
    // Whatever the umask is.
    chmodSync(`${this.base}/${name}`, 0o755);
    this.#files.set(name, null);
  }

  write(name, contents, mode = 0o644) {
    this.folder(path.dirname(name));
    writeFileSync(`${this.base}/${name}`, contents);
    chmodSync(`${this.base}/${name}`, mode);
    this.#files.set(name, contents);
  }

  link(name, target) {
    this.folder(path.dirname(name));
    symlinkSync(target, `${this.base}/${name}`);
    this.#files.set(name, null);
  }

  zip(name, text) {
    this.write(name, run('gzip', ['-9n'], { input: text }));
  }

  md5sums() {
    return [...this.#files]
      .filter(([, contents]) => contents !== null)
      .map(([name, contents]) => `${createHash('md5').update(contents).digest('hex')}  ${name}\n`)
      .sort((a, b) => (a.slice(34) < b.slice(34) ? -1 : 1))
      .join('');
  }

  /** As deb-substvars(5) has Installed-Size: files rounded up, 1 KiB for all else. */
  kibibytes() {
    return [...this.#files.values()].reduce(
      (sum, one) => sum + Math.max(1, Math.ceil(Buffer.byteLength(one ?? '') / 1024)),
      0,
    );
  }

  /** dpkg-deb sorts, and takes all times from SOURCE_DATE_EPOCH that are later. */
  pack(file) {
    const seconds = String(this.date.getTime() / 1000);
    run('find', [this.base, '-exec', 'touch', '--no-dereference', `--date=@${seconds}`, '{}', '+'], {});
    // By one thread xz makes other bytes than by several.
    run('dpkg-deb', ['--root-owner-group', '-Zxz', '--threads-max=1', '--build', this.base, file], {
      env: { ...process.env, SOURCE_DATE_EPOCH: seconds },
    });
  }
}

function run(command, words, options) {
  const { status, stdout, stderr, error } = spawnSync(command, words, options);
  if (error) throw error;
  if (status !== 0) throw new Error(`${command}: status ${status}: ${stderr}`);
  return stdout;
}
