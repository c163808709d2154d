import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KindName, KubernetesApi, Listed, WatchEvent } from '@/server/providers/kubernetes/client/api';
import { WatchExpired } from '@/server/providers/kubernetes/client/api';
import { Picture } from '@/server/providers/kubernetes/watch/picture';
import { reflect } from '@/server/providers/kubernetes/watch/reflector';
import { scopesOf } from '@/server/providers/kubernetes/watch/scopes';
import type { SeenKind } from '@/server/providers/kubernetes/watch/seen';
import { Store } from '@/server/providers/kubernetes/watch/store';
import { ProviderError } from '@/server/providers/provider';

type Step = object | Error;

/** A cluster that answers lists and watches as it is told, and notes the version that each watch starts from. */
class Script {
  readonly from: string[] = [];
  lists: (string[] | Error)[] = [];
  watches: Step[][] = [];
  served = true;
  private listed = 0;

  readonly api = {
    serves: async () => this.served,
    pages: (kind: KindName) => this.pages(kind),
    watch: (_: KindName, where: { resourceVersion: string }, signal: AbortSignal) =>
      this.watch(where.resourceVersion, signal),
    // The parts that a reflector uses.
  } as unknown as KubernetesApi;

  private async *pages(_: KindName): AsyncGenerator<Listed<KindName>> {
    const next = this.lists.shift() ?? [];
    if (next instanceof Error) throw next;
    this.listed += 100;
    yield { items: next.map((name) => this.object(name)), resourceVersion: String(this.listed) };
  }

  private async *watch(version: string, signal: AbortSignal): AsyncGenerator<WatchEvent<KindName>> {
    this.from.push(version);
    const steps = this.watches.shift();
    for (const step of steps ?? []) {
      if (step instanceof Error) throw step;
      // As the stream gives it.
      yield step as WatchEvent<KindName>;
    }
    if (steps) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  object(name: string, resourceVersion = '1') {
    return { metadata: { namespace: 'shop', name, uid: name, resourceVersion }, spec: { replicas: 1 } };
  }

  event(type: 'ADDED' | 'DELETED', name: string, resourceVersion: string) {
    return { type, object: this.object(name, resourceVersion) };
  }
}

let script: Script;
let store: Store;
let drawn: Picture;
let leaving: AbortController;
let synced: number;
/** How long it has waited in all, ms. */
let waited: number;
let onWait: () => void;

beforeEach(() => {
  waited = 0;
  onWait = () => undefined;
  script = new Script();
  store = new Store('prod');
  drawn = new Picture(store);
  leaving = new AbortController();
  synced = 0;
});
afterEach(() => {
  leaving.abort();
});

function start(kind: SeenKind): Promise<void> {
  const onSynced = () => {
    synced += 1;
  };
  const namespaces = new Set(['shop']);
  const wait = async (ms: number) => {
    waited += ms;
    onWait();
    // Lets the test look in between.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const where = { namespace: 'shop' };
  const what = { api: script.api, store, kind, where, namespaces, onSynced, onChange: () => undefined, wait };
  return reflect(what, leaving.signal);
}

const picture = () => drawn.inventory(0).serverGroups.map((one) => one.name);
const lost = new ProviderError('unavailable', 'lost');
const forbidden = new ProviderError('unauthorized', 'may not');

it('goes on from the last version after any break, without listing again', async () => {
  script.lists = [['a']];
  script.watches = [
    [script.event('ADDED', 'b', '105'), { type: 'BOOKMARK', resourceVersion: '110' }, lost],
    [script.event('DELETED', 'a', '111')],
  ];
  void start('StatefulSet');
  await vi.waitFor(() => expect(script.from).toEqual(['100', '110', '111']));
  expect(picture()).toEqual(['b']);
  expect(synced).toBe(1);
});

it('lists again when the version is too old, and drops what has gone meanwhile', async () => {
  script.lists = [
    ['a', 'b'],
    ['b', 'c'],
  ];
  script.watches = [[new WatchExpired()]];
  void start('StatefulSet');
  await vi.waitFor(() => expect(script.from).toEqual(['100', '200']));
  expect(picture()).toEqual(['b', 'c']);
});

it('does not hurry with a server that ends every watch at once', async () => {
  script.watches = Array.from({ length: 20 }, () => []);
  void start('StatefulSet');
  await vi.waitFor(() => expect(script.from).toHaveLength(21));
  expect(waited).toBeGreaterThan(60_000);
});

it('finds within a minute a kind that is installed later', async () => {
  script.served = false;
  script.lists = [['r']];
  onWait = () => {
    expect(synced).toBe(1);
    expect(picture()).toEqual([]);
    script.served = true;
  };
  void start('KnativeRevision');
  await vi.waitFor(() => expect(picture()).toEqual(['r']));
  expect(waited).toBeLessThan(60_000);
});

it('looks soon for a kind that an API server does not know yet, and seldom for one that is not installed', async () => {
  script.served = false;
  const pauses: number[] = [];
  onWait = () => {
    pauses.push(waited - pauses.reduce((sum, ms) => sum + ms, 0));
    if (pauses.length === 7) script.served = true;
  };
  script.lists = [['r']];
  void start('HTTPRoute');
  await vi.waitFor(() => expect(script.from).toEqual(['100']));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it('keeps what it has of a kind that is served and cannot be found for a moment', async () => {
  const missing = new ProviderError('not_found', 'no such kind');
  script.lists = [['r'], missing, missing, ['r', 's']];
  script.watches = [[new WatchExpired()]];
  const shown: string[][] = [];
  onWait = () => shown.push(picture());
  void start('KnativeRevision');
  await vi.waitFor(() => expect(picture()).toEqual(['r', 's']));
  expect(shown).toEqual([['r'], ['r'], ['r']]);
  expect(waited).toBeLessThan(2_000);
});

it('does not begin without a kind that is served and cannot be found, unless that stays so', async () => {
  const missing = new ProviderError('not_found', 'no such kind');
  script.lists = [...Array.from({ length: 8 }, () => missing), ['r']];
  const syncs: number[] = [];
  onWait = () => syncs.push(synced);
  void start('KnativeRevision');
  await vi.waitFor(() => expect(picture()).toEqual(['r']));
  expect(syncs).toEqual([0, 0, 0, 0, 0, 1, 2, 3]);
});

it('shows nothing of a kind that may no longer be seen, and looks again', async () => {
  script.lists = [['a'], ['a', 'b']];
  script.watches = [[forbidden]];
  const shown: string[][] = [];
  onWait = () => shown.push(picture());
  void start('StatefulSet');
  await vi.waitFor(() => expect(picture()).toEqual(['a', 'b']));
  expect(shown).toEqual([[]]);
});

it('fails when pods may not be seen, and only then', async () => {
  script.lists = [lost, forbidden];
  await expect(start('Pod')).rejects.toBe(forbidden);
});

it('looks at all namespaces at once where there are many and the account may', async () => {
  const api = (may: boolean) => ({ mayI: async () => may }) as unknown as KubernetesApi;
  const many = ['a', 'b', 'c', 'd'];
  expect(await scopesOf(api(true), 'Pod', many)).toEqual([{}]);
  expect(await scopesOf(api(false), 'Pod', many)).toEqual(many.map((namespace) => ({ namespace })));
  expect(await scopesOf(api(true), 'Pod', ['a'])).toEqual([{ namespace: 'a' }]);
});
