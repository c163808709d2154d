import { setTimeout as pause } from 'node:timers/promises';
import {
  type KubernetesApi,
  type WatchEvent,
  WatchExpired,
  type Where,
} from '@/server/providers/kubernetes/client/api';
import { jitter } from '@/server/providers/kubernetes/client/requests';
import { isNeeded, isOptional, type SeenKind, seen } from '@/server/providers/kubernetes/watch/seen';
import type { Store } from '@/server/providers/kubernetes/watch/store';
import { ProviderError } from '@/server/providers/provider';

/** A kind that the cluster does not have, or that may not be seen, is looked for again after so long, in ms. */
const LOOK_AGAIN_MS = 30_000;
/** One that is missing, at first: an API server that has just started knows what it serves a little later. */
const MISSING_SOON_MS = 1_000;
/** One that is served and cannot be listed is there or is not, and so often that is asked before it is taken not to be. */
const CONTRADICTIONS = 5;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

export interface Reflected {
  readonly api: KubernetesApi;
  readonly store: Store;
  readonly kind: SeenKind;
  readonly where: Where;
  readonly namespaces: ReadonlySet<string>;
  /** Everything that was there at the beginning is in the store. May be called again. */
  readonly onSynced: () => void;
  readonly onChange: () => void;
  /** Something broke that is tried again. */
  readonly onTrouble?: () => void;
  /** Waits, or returns when the signal aborts; tests need no real time. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Keeps the store at what the cluster has of one kind until the signal aborts: lists once, follows from there, and
 * after any break goes on where it was.
 * @throws ProviderError when the account may not see a kind that nothing can be said without.
 */
export async function reflect(what: Reflected, signal: AbortSignal): Promise<void> {
  let version: string | null = null;
  /** In a row. */
  let missing = 0;
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (version === null && !(await isServed(what, signal))) {
        await without(what, missingPause(missing++), signal);
        continue;
      }
      version ??= await listAll(what, signal);
      missing = 0;
      const before: string = version;
      for await (const event of what.api.watch(
        what.kind,
        { ...what.where, resourceVersion: version },
        signal,
      )) {
        version = take(what, event) || version;
        failures = 0;
      }
      // The server ends a watch after a while; one that brought nothing must not be asked for in haste.
      if (version === before) await rest(what, ++failures, signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (error instanceof WatchExpired) version = null;
      else if (isRefusal(error)) {
        if (isNeeded(what.kind)) throw error;
        version = null;
        const isMissing = isOptional(what.kind) && error.code === 'not_found';
        const ms = isMissing ? missingPause(missing++) : LOOK_AGAIN_MS;
        if (isMissing && missing <= CONTRADICTIONS) await rest(what, missing, signal);
        else await without(what, ms, signal);
        continue;
      } else what.onTrouble?.();
      await rest(what, failures, signal);
    }
  }
}

async function isServed({ kind, api }: Reflected, signal: AbortSignal): Promise<boolean> {
  return !isOptional(kind) || api.serves(kind, signal);
}

/** @param before how often it was missing already. */
function missingPause(before: number): number {
  return Math.min(LOOK_AGAIN_MS, MISSING_SOON_MS * 2 ** before);
}

/** Goes on as if nothing of the kind were there, for so long. */
async function without(what: Reflected, ms: number, signal: AbortSignal): Promise<void> {
  what.store.prune(what.kind, what.where.namespace, new Set());
  what.onSynced();
  what.onChange();
  await (what.wait ?? wait)(ms, signal);
}

/** Page by page, so that only what is kept of the objects is held. @returns the version to follow from. */
async function listAll(what: Reflected, signal: AbortSignal): Promise<string> {
  const { api, store, kind, where, namespaces } = what;
  const there = new Set<string>();
  let version = '';
  for await (const page of api.pages(kind, where, signal)) {
    for (const object of page.items) {
      const { namespace = '', name = '' } = object.metadata ?? {};
      if (!namespaces.has(namespace)) continue;
      there.add(`${namespace}/${name}`);
      store.put(seen(kind, object));
    }
    version = page.resourceVersion;
  }
  store.prune(kind, where.namespace, there);
  what.onSynced();
  what.onChange();
  return version;
}

/** @returns the version that everything is known up to. */
function take(what: Reflected, event: WatchEvent<SeenKind>): string {
  if (event.type === 'BOOKMARK') return event.resourceVersion;
  const { namespace = '', name = '', resourceVersion = '' } = event.object.metadata ?? {};
  if (what.namespaces.has(namespace)) {
    if (event.type === 'DELETED') what.store.remove(what.kind, namespace, name);
    else what.store.put(seen(what.kind, event.object));
    what.onChange();
  }
  return resourceVersion;
}

/** The account may not see it, or it is not there (any more). */
function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && !error.retryable;
}

function rest(what: Reflected, failures: number, signal: AbortSignal): Promise<void> {
  const ms = jitter(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)));
  return (what.wait ?? wait)(ms, signal);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
