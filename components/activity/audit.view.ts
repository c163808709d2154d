export interface Difference {
  /** Dotted path of the value; empty for the whole. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a change did, value by value; values that stayed are left out. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const was = flatten(before);
  const is = flatten(after);
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((d) => d.before !== d.after);
}

function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
    into.set(path, value.join(', '));
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, path === '' ? key : `${path}.${key}`, into);
  } else {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return into;
}

const EXECUTION = /^([0-9a-f]{8})-[0-9a-f-]{27}(?:\/(.+))?$/;

export interface AuditSubject {
  /** What to show: an execution by the start of its id, everything else as it is called. */
  readonly text: string;
  /** Where to look at it; null where there is no page for it. */
  readonly href: string | null;
}

/** What a change was about, in words and as a place to go to. */
export function auditSubject(entry: {
  readonly subject: string;
  readonly application: string | null;
}): AuditSubject {
  const execution = EXECUTION.exec(entry.subject);
  if (!execution) return { text: entry.subject, href: null };
  const [, short, stage] = execution;
  const parts = [entry.application, stage, short].filter((part) => part !== null && part !== undefined);
  const id = entry.subject.slice(0, 36);
  const query = stage === undefined ? '' : `?stage=${encodeURIComponent(stage)}`;
  return { text: parts.join(' · '), href: `/executions/${id}${query}` };
}
