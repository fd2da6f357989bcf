/** What a runtime knows of a name. */

export type Found =
  | { readonly state: 'running'; readonly canonical: string; readonly pid: number; readonly id: string | null }
  /** Known, but there is no process; `status` in the runtime's own word. */
  | { readonly state: 'stopped'; readonly canonical: string; readonly status: string };
