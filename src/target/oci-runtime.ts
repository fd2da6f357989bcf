/** An OCI runtime that is used by itself: its root is /run/NAME, or below a user's own directory. */
import { namesIn } from '../host/state-file.ts';
import { callingUid } from '../host/users.ts';
import { ociState } from './oci-state.ts';
import { type Found, type Runtime, splitScope } from './runtime.ts';

/** @param word the program's name, which is its root's as well */
export function ociRuntime<Word extends string>(word: Word): Runtime & { readonly word: Word } {
  const roots = () => {
    const uid = callingUid();
    return uid === 0 ? [`/run/${word}`] : [`/run/${word}`, `/run/user/${uid}/${word}`];
  };
  const found = (root: string, id: string): Found[] => {
    const state = ociState(`${root}/${id}`);
    if (state === null) return [];
    const known = { name: root === `/run/${word}` ? id : `${root}/${id}`, id };
    return [
      'pid' in state
        ? { ...known, state: 'running', pid: state.pid }
        : { ...known, state: 'stopped', status: state.status, isStarting: false },
    ];
  };
  return {
    word,
    about: `ID, for one that ${word} started by itself; ${word}:/ROOT/ID below another root`,
    scope: 'path',
    async find(name) {
      const { scope, own } = splitScope(name);
      return (scope === null ? roots() : [scope]).flatMap((root) => found(root, own));
    },
    async list() {
      const all = roots().flatMap((root) => namesIn(root).flatMap((id) => found(root, id)));
      return all.map(({ name, state }) => ({ name, isRunning: state === 'running' }));
    },
    running: { files: [`/run/${word}/*`] },
  };
}
