import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesApi } from '@/server/providers/kubernetes/client/api';
import type { Store } from '@/server/providers/kubernetes/watch/store';
import { ProviderError } from '@/server/providers/provider';

/** Gateways come and go seldom, and live where an account may have no right to watch. */
const LOOK_MS = 15_000;
/** Until the first routes are known. */
const FIRST_MS = 500;

/** Those that are not there; one that may not be looked at is taken to be. */
export async function lostGateways(
  api: KubernetesApi,
  gateways: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (gateways.length === 0 || !(await api.serves('Gateway', signal))) return new Set();
  const lost = await Promise.all(
    [...new Set(gateways)].map(async (key) => {
      const [namespace = '', name = ''] = key.split('/');
      try {
        return (await api.get('Gateway', { namespace, name }, signal)) === null ? [key] : [];
      } catch (error) {
        if (error instanceof ProviderError) return [];
        throw error;
      }
    }),
  );
  return new Set(lost.flat());
}

/** Looks for the Gateways of our routes as long as the signal allows, and tells the store of those that are gone. */
export async function lookForGateways(
  api: KubernetesApi,
  store: Store,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const wanted = [...store.routes.values()].filter(({ ours }) => ours).flatMap(({ gateways }) => gateways);
    if (store.loseGateways(await lostGateways(api, wanted, signal).catch(() => store.lostGateways)))
      onChange();
    await pause(store.routes.size === 0 ? FIRST_MS : LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
