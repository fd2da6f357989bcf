/** `completion`: a shell's script is its table, made of ours, and its body, which is the same at all times. */
import type { Shell } from '../completion.ts';
import { bashTable } from './bash.ts';
import bashBody from './body.bash';
import fishBody from './body.fish';
import zshBody from './body.zsh';
import { fishTable } from './fish.ts';
import { topics } from './grammar.ts';
import bashMachine from './machine.bash';
import { zshTable } from './zsh.ts';

/** zsh takes a file as a completion by its first line. */
const FIRST_LINES: Readonly<Record<Shell, string>> = {
  bash: '# Completion of netwire for bash',
  zsh: '#compdef netwire\n# Completion of netwire for zsh',
  fish: '# Completion of netwire for fish',
};

/** The whole script. */
export function completionScript(shell: Shell): string {
  const [table, body] = parts(shell);
  return `${FIRST_LINES[shell]}; made by "netwire completion ${shell}".\n\n${table}\n${body}`;
}

function parts(shell: Shell): [table: string, body: string] {
  switch (shell) {
    case 'bash':
      return [bashTable(topics()), `${bashMachine}\n${bashBody}`];
    case 'zsh':
      return [zshTable(topics()), zshBody];
    case 'fish':
      return [fishTable(topics()), fishBody];
  }
}
