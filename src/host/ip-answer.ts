/** What `ip -j -batch` says, as an answer. */

/** The answer to one line: what it printed, or why it failed. */
export type Answer =
  | { readonly ok: true; readonly json: unknown[]; readonly warning: string }
  /** `uncertain`: it may have done its work all the same. */
  | { readonly ok: false; readonly why: string; readonly uncertain?: boolean };

/** What came back for some lines. */
export interface Said {
  /** None of them failed. */
  readonly ok: boolean;
  /** On stdout. */
  readonly lines: string[];
  /** On stderr, without ip's own ceremony; and as it is. */
  readonly warning: string;
  readonly stderr: string;
}

/** What came back for one line. */
export function asAnswer({ ok, lines, warning }: Omit<Said, 'stderr'>): Answer {
  return ok ? { ok, json: lines.flatMap(parseDocument), warning } : { ok, why: warning || 'it failed' };
}

export function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line !== '');
}

/** One line of JSON. */
export function parseDocument(line: string): unknown[] {
  return JSON.parse(escapeControl(line));
}

/** iproute2 prints an alias as it is; one with control characters is no JSON until they are escaped. */
function escapeControl(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What a failed line said, without ip's own ceremony. */
export function tidy(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('Command failed -:') && !/^Object "netwire-\d+"/.test(line))
    .map((line) => line.replace(/^RTNETLINK answers: /, '').replace(/^Error: /, ''))
    .join('; ');
}

/** ip's own word that a line failed, after all that it said of it. */
export function failureOf(line: number): string {
  return `Command failed -:${line}\n`;
}

/**
 * What was said before each of several marks, which come in this order.
 *
 * @returns null where there is no such mark
 */
export function saidBeforeEach(stderr: string, marks: readonly string[]): (string | null)[] {
  let at = 0;
  return marks.map((mark) => {
    const end = stderr.indexOf(mark, at);
    if (end === -1) return null;
    const said = tidy(stderr.slice(at, end));
    at = end + mark.length;
    return said;
  });
}
