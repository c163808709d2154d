import type { V1EndpointSlice } from '@kubernetes/client-node';
import type { Rest } from '@/server/providers/kubernetes/testing/rest';

/** What became of a load balancer's requests while it was watched. */
export interface Continuity {
  readonly sent: number;
  readonly failures: readonly unknown[];
  /** The fewest endpoints that were ready at any event, and how many events there were. */
  readonly leastReady: number;
  readonly events: number;
}

/** Asks on several lanes without a pause, and follows the endpoints of a Service event by event. */
export function watchContinuity(
  rest: Rest,
  ask: () => Promise<{ ok: boolean; servedBy: string | null }>,
  service: { readonly namespace: string; readonly name: string },
): {
  latest(): string | null;
  /** When a group answered for the last time, as `performance.now` counts; null when it never did. */
  lastAnswerOf(serverGroup: string): number | null;
  stop(): Promise<Continuity>;
} {
  const over = new AbortController();
  const failures: unknown[] = [];
  let sent = 0;
  let latest: string | null = null;
  const lastAnswers = new Map<string | null, number>();
  const lane = async () => {
    while (!over.signal.aborted) {
      sent++;
      const answer = await ask().catch((error: unknown) => ({ ok: false, servedBy: String(error) }));
      if (answer.ok) {
        latest = answer.servedBy;
        lastAnswers.set(latest, performance.now());
      } else failures.push(answer);
    }
  };
  const lanes = [lane(), lane()];
  const slices = new Map<string, V1EndpointSlice>();
  let leastReady = Number.POSITIVE_INFINITY;
  let events = 0;
  const look = () => {
    events++;
    leastReady = Math.min(leastReady, readyIn(slices.values()));
  };
  const uidOf = (slice: V1EndpointSlice) => slice.metadata?.uid ?? '';
  rest.follow<V1EndpointSlice>(
    `/apis/discovery.k8s.io/v1/namespaces/${service.namespace}/endpointslices?labelSelector=kubernetes.io/service-name=${service.name}`,
    {
      all(objects) {
        slices.clear();
        for (const slice of objects) slices.set(uidOf(slice), slice);
        look();
      },
      put(slice) {
        slices.set(uidOf(slice), slice);
        look();
      },
      gone(slice) {
        slices.delete(uidOf(slice));
        look();
      },
    },
    over.signal,
  );
  return {
    latest: () => latest,
    lastAnswerOf: (serverGroup) => lastAnswers.get(serverGroup) ?? null,
    async stop() {
      over.abort();
      await Promise.all(lanes);
      return { sent, failures, leastReady, events };
    },
  };
}

/** A pod may stand in two slices for a moment. */
function readyIn(slices: Iterable<V1EndpointSlice>): number {
  const ready = new Set<string>();
  for (const slice of slices)
    for (const { conditions, targetRef } of slice.endpoints ?? [])
      if (conditions?.ready !== false && targetRef?.uid) ready.add(targetRef.uid);
  return ready.size;
}
