import { setMaxListeners } from 'node:events';
import type { Inventory } from '@/server/domain/inventory';
import type { Reading } from '@/server/providers/kubernetes/read';
import { Bell } from '@/server/providers/kubernetes/watch/bell';
import { lookForGateways } from '@/server/providers/kubernetes/watch/gateways';
import { Picture } from '@/server/providers/kubernetes/watch/picture';
import { Pulse } from '@/server/providers/kubernetes/watch/pulse';
import { reflect } from '@/server/providers/kubernetes/watch/reflector';
import { scopesOf } from '@/server/providers/kubernetes/watch/scopes';
import { SEEN_KINDS } from '@/server/providers/kubernetes/watch/seen';
import { Store } from '@/server/providers/kubernetes/watch/store';
import type { InventoryNotice } from '@/server/providers/provider';

/** How often pods are looked at for which waiting has become hopeless, in ms. */
const RIPEN_MS = 1_000;

/** Follows what an account's namespaces hold, and has it at hand while it does. */
export class ClusterWatch {
  private standing: Picture | null = null;

  constructor(private readonly reading: Reading) {}

  /** What the watch that stands holds; null while none stands. What did not change is the same object as before. */
  observed(): Inventory | null {
    return this.standing?.inventory(Date.now()) ?? null;
  }

  /**
   * A notice when everything has been read, and then one for each cluster in which something changed.
   * @throws ProviderError when the cluster cannot be reached, or may not be seen.
   */
  async *watch(signal: AbortSignal): AsyncGenerator<InventoryNotice> {
    const store = new Store(this.reading.account);
    const picture = new Picture(store);
    const leaving = new AbortController();
    const either = AbortSignal.any([signal, leaving.signal]);
    // One listener for each kind and namespace, and that for as long as the watch stands.
    setMaxListeners(0, either);
    const bell = new Bell();
    const following = follow(this.reading, store, bell, either);
    const ripening = setInterval(() => {
      store.ripen(Date.now());
      bell.ring();
    }, RIPEN_MS);
    try {
      await bell.until(() => bell.isReady, either);
      if (signal.aborted) return;
      this.standing = picture;
      store.dirt.takeNotices();
      yield { region: null, application: null, cluster: null };
      while (!signal.aborted) {
        yield* store.dirt.takeNotices();
        await bell.until(() => store.dirt.hasNotices, either);
      }
    } finally {
      if (this.standing === picture) this.standing = null;
      clearInterval(ripening);
      leaving.abort();
      await following;
    }
  }
}

/** Returns when the signal aborts; what goes wrong before is the bell's to tell. */
async function follow(reading: Reading, store: Store, bell: Bell, signal: AbortSignal): Promise<void> {
  const { api, config } = reading;
  const namespaces = new Set(config.namespaces);
  const pulse = new Pulse(api);
  const failed = (error: unknown) => bell.fail(error);
  const scopes = SEEN_KINDS.map(async (kind) => {
    const found = await scopesOf(api, kind, config.namespaces);
    return found.map((where) => ({ kind, where }));
  });
  const parts = await Promise.all(scopes).catch(failed);
  if (!parts) return;
  const wanted = parts.flat();
  const missing = new Set(wanted);
  const reflectors = wanted.map((part) => {
    const onSynced = () => {
      missing.delete(part);
      if (missing.size === 0) bell.ready();
    };
    const onChange = () => bell.ring();
    const onTrouble = () => pulse.suspect();
    return reflect({ api, store, ...part, namespaces, onSynced, onChange, onTrouble }, signal);
  });
  const gateways = lookForGateways(api, store, () => bell.ring(), signal);
  await Promise.all([...reflectors, pulse.feel(signal), gateways].map((part) => part.catch(failed)));
}
