import { setTimeout as pause } from 'node:timers/promises';
import { KINDS, type KindName } from '@/server/providers/kubernetes/client/api';
import { groupPath } from '@/server/providers/kubernetes/client/paths';
import { type Requests, refused } from '@/server/providers/kubernetes/client/requests';

/** A kind that is served stays so; one that is not may be installed at any time. In ms. */
const SERVED_MS = 300_000;
const MISSING_MS = 20_000;
/**
 * An API server that has just started does not serve yet what was installed into it: what is missing is looked for
 * again soon, and less and less often.
 */
const FIRST_MISSING_MS = 500;
/** Pauses before it is believed of a kind that the account needs that it is missing, in ms. */
const DOUBTS_MS = [500, 1_000, 1_500, 2_000];

export interface DiscoveryOptions {
  /** Kinds that the account's configuration says are there. */
  readonly expected?: readonly KindName[];
  /** Tests need no real time. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Which kinds the cluster serves, and which of them these credentials may use; asked again after a while. */
export class Discovery {
  private readonly groups = new Map<string, Kept<ReadonlySet<string>>>();
  private readonly rights = new Map<string, Kept<boolean>>();
  /** How often in a row a kind was not there. */
  private readonly misses = new Map<KindName, number>();

  constructor(
    private readonly requests: Pick<Requests, 'answer' | 'json'>,
    private readonly options: DiscoveryOptions = {},
  ) {}

  async serves(kind: KindName, signal?: AbortSignal): Promise<boolean> {
    const path = groupPath(kind);
    // Others wait for the same answer: whoever goes away does not take it from them.
    const plurals = await whileWanted(
      remembered(this.groups, path, SERVED_MS, () => this.ask(kind, path)),
      signal,
    );
    const served = plurals.has(KINDS[kind].plural);
    if (!served) this.askAgainWithin(path, MISSING_MS);
    return served;
  }

  private async ask(kind: KindName, path: string): Promise<ReadonlySet<string>> {
    const found = await this.insist(kind, path);
    if (found.has(KINDS[kind].plural)) this.misses.delete(kind);
    else {
      const misses = this.misses.get(kind) ?? 0;
      this.misses.set(kind, misses + 1);
      this.askAgainWithin(path, FIRST_MISSING_MS * 2 ** misses);
    }
    return found;
  }

  private askAgainWithin(path: string, ms: number): void {
    const kept = this.groups.get(path);
    if (kept) kept.until = Math.min(kept.until, Date.now() + Math.min(MISSING_MS, ms));
  }

  /** Asks several times before a kind that is expected is believed to be missing; once that is so, once. */
  private async insist(kind: KindName, path: string): Promise<ReadonlySet<string>> {
    const { expected = [], wait = pause } = this.options;
    const doubts = expected.includes(kind) && !this.misses.has(kind) ? DOUBTS_MS : [];
    for (const ms of doubts) {
      const found = await this.read(kind, path);
      if (found.has(KINDS[kind].plural)) return found;
      await wait(ms);
    }
    return this.read(kind, path);
  }

  mayI(verb: string, kind: KindName, namespace: string | null, subresource?: string): Promise<boolean> {
    const { group, plural } = KINDS[kind];
    const resourceAttributes = {
      verb,
      group,
      resource: plural,
      subresource,
      namespace: namespace ?? undefined,
    };
    const key = JSON.stringify(resourceAttributes);
    return remembered(this.rights, key, MISSING_MS, async () => {
      const review = await this.requests.json<{ status?: { allowed?: boolean } }>({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        subject: { verb: 'create', kind: 'APIs', name: 'SelfSubjectAccessReview' },
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes },
        },
      });
      return review.status?.allowed ?? false;
    });
  }

  private async read(kind: KindName, path: string): Promise<ReadonlySet<string>> {
    const call = { method: 'GET', path, subject: { verb: 'list', kind: 'APIs' } } as const;
    const answer = await this.requests.answer(call);
    // A group that is not installed, or whose own server is away, is one that is not served now.
    if (answer.code === 404 || (answer.code === 503 && KINDS[kind].group.includes('.'))) return new Set();
    if (answer.code >= 300) throw refused(call, answer);
    // The discovery documents are the API server's own.
    const found = JSON.parse(answer.text) as { resources?: { name: string }[] };
    return new Set((found.resources ?? []).map((resource) => resource.name));
  }
}

/** @throws the reason of the signal when that aborts first. */
async function whileWanted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  signal.throwIfAborted();
  const leaving = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true, signal: leaving.signal });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    leaving.abort();
  }
}

interface Kept<T> {
  until: number;
  readonly answer: Promise<T>;
}

/** One question at a time for each key; an answer that failed is not kept. */
function remembered<T>(
  kept: Map<string, Kept<T>>,
  key: string,
  forMs: number,
  ask: () => Promise<T>,
): Promise<T> {
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.answer;
  const answer = ask();
  kept.set(key, { until: Date.now() + forMs, answer });
  answer.catch(() => kept.delete(key));
  return answer;
}
