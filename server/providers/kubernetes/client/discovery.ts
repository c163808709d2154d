import { KINDS, type KindName } from '@/server/providers/kubernetes/client/api';
import { groupPath } from '@/server/providers/kubernetes/client/paths';
import { type Requests, refused } from '@/server/providers/kubernetes/client/requests';

/** A kind that is served stays so; one that is not may be installed at any time. In ms. */
const SERVED_MS = 300_000;
const MISSING_MS = 20_000;

/** Which kinds the cluster serves, and which of them these credentials may use; asked again after a while. */
export class Discovery {
  private readonly groups = new Map<string, Kept<ReadonlySet<string>>>();
  private readonly rights = new Map<string, Kept<boolean>>();

  constructor(private readonly requests: Requests) {}

  async serves(kind: KindName, signal?: AbortSignal): Promise<boolean> {
    const path = groupPath(kind);
    const plurals = await remembered(this.groups, path, SERVED_MS, () => this.read(kind, path, signal));
    const served = plurals.has(KINDS[kind].plural);
    const kept = this.groups.get(path);
    if (!served && kept) kept.until = Math.min(kept.until, Date.now() + MISSING_MS);
    return served;
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

  private async read(kind: KindName, path: string, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const call = { method: 'GET', path, subject: { verb: 'list', kind: 'APIs' }, signal } as const;
    const answer = await this.requests.answer(call);
    // A group that is not installed, or whose own server is away, is one that is not served now.
    if (answer.code === 404 || (answer.code === 503 && KINDS[kind].group.includes('.'))) return new Set();
    if (answer.code >= 300) throw refused(call, answer);
    // The discovery documents are the API server's own.
    const found = JSON.parse(answer.text) as { resources?: { name: string }[] };
    return new Set((found.resources ?? []).map((resource) => resource.name));
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
