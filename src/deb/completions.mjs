// The shells' completions, as netwire prints them, at the shells' own places for packages.
import { spawnSync } from 'node:child_process';

const PLACES = {
  bash: 'usr/share/bash-completion/completions/netwire',
  zsh: 'usr/share/zsh/vendor-completions/_netwire',
  fish: 'usr/share/fish/vendor_completions.d/netwire.fish',
};

/**
 * @param {string} netwire the program that was built
 * @returns {[file: string, text: string][]}
 * @throws Error when it prints none
 */
export function completions(netwire) {
  return Object.entries(PLACES).map(([shell, file]) => {
    const { status, stdout, stderr } = spawnSync(netwire, ['completion', shell], { encoding: 'utf8' });
    if (status !== 0 || stdout === '') throw new Error(`netwire completion ${shell}: status ${status}: ${stderr}`);
    return [file, stdout];
  });
}
