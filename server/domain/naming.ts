/** Server group names, `app[-stack[-detail]]-vNNN`, after the frigga convention. */

export interface Moniker {
  readonly application: string;
  readonly stack: string | null;
  readonly detail: string | null;
  readonly cluster: string;
  readonly sequence: number | null;
}

const PUSH_SUFFIX = /-v(\d{3,6})$/;
const CLUSTER = /^([a-zA-Z0-9._]+)(?:-([a-zA-Z0-9._]*)(?:-([a-zA-Z0-9._\-~^]+))?)?$/;
const PUSH_TOKEN = /(^|-)v\d{3,6}(-|$)/;
const SEQUENCE_LIMIT = 1000;

/** Null when the name does not follow the convention. */
export function parseServerGroupName(name: string): Moniker | null {
  const push = PUSH_SUFFIX.exec(name);
  const cluster = push ? name.slice(0, push.index) : name;
  const match = CLUSTER.exec(cluster);
  if (!match?.[1]) return null;
  return {
    application: match[1],
    stack: match[2] || null,
    detail: match[3] ?? null,
    cluster,
    sequence: push?.[1] ? Number(push[1]) : null,
  };
}

/** @throws RangeError when a part would be read back as something else. */
export function clusterName(application: string, stack?: string | null, detail?: string | null): string {
  const name = [application, ...(stack || detail ? [stack ?? ''] : []), ...(detail ? [detail] : [])].join(
    '-',
  );
  const parsed = parseServerGroupName(name);
  const faithful =
    parsed?.application === application &&
    parsed.stack === (stack || null) &&
    parsed.detail === (detail || null) &&
    !PUSH_TOKEN.test(name);
  if (!faithful) throw new RangeError(`"${name}" cannot be used as a cluster name`);
  return name;
}

export function serverGroupName(cluster: string, sequence: number): string {
  return `${cluster}-v${String(sequence).padStart(3, '0')}`;
}

/**
 * The sequence after the newest one, wrapping at 1000 and skipping those still in use.
 * @param inUse sequences of the groups that exist, oldest first.
 * @throws RangeError when all of them are taken.
 */
export function nextSequence(inUse: readonly number[]): number {
  const taken = new Set(inUse);
  let next = inUse.length === 0 ? 0 : ((inUse.at(-1) ?? 0) + 1) % SEQUENCE_LIMIT;
  for (let tried = 0; tried < SEQUENCE_LIMIT; tried++) {
    if (!taken.has(next)) return next;
    next = (next + 1) % SEQUENCE_LIMIT;
  }
  throw new RangeError(`all ${SEQUENCE_LIMIT} sequence numbers of the cluster are in use`);
}
