import type { KindName, ObjectRef } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import { ProviderError } from '@/server/providers/provider';

/** Others may write the same object now and then, and not so often in a row. */
const TRIES = 8;

/**
 * Writes only over what was read: when somebody has written meanwhile, it is read and decided anew.
 * @param attempt reads, decides and writes once.
 * @param versionNow tells a lost race from a refusal that another try would meet again.
 */
export async function overConflicts<T>(
  attempt: () => Promise<{ readonly version: string | undefined; readonly write: () => Promise<T> }>,
  versionNow: () => Promise<string | undefined>,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    const { version, write } = await attempt();
    try {
      return await write();
    } catch (error) {
      const raced = error instanceof ProviderError && error.code === 'conflict' && tried < TRIES;
      if (!raced || (await versionNow()) === version) throw error;
    }
  }
}

interface Patch {
  readonly metadata?: object;
  readonly spec?: object;
}

/**
 * Changes an object by what its present state asks for.
 * @param decide the merge patch, or null when nothing is to be written.
 * @returns the object afterwards; null when it is not there.
 */
export async function change<K extends KindName>(
  { api }: Platform,
  kind: K,
  ref: ObjectRef,
  fieldManager: string,
  decide: (current: ObjectOf<K>) => Patch | null,
): Promise<ObjectOf<K> | null> {
  const read = () => api.get(kind, ref);
  return overConflicts(
    async () => {
      const current = await read();
      const patch = current && decide(current);
      const version = current?.metadata?.resourceVersion;
      return {
        version,
        write: async () => {
          if (!patch) return current;
          const metadata = { ...patch.metadata, resourceVersion: version };
          return api.merge(kind, ref, { ...patch, metadata }, { fieldManager });
        },
      };
    },
    async () => (await read())?.metadata?.resourceVersion,
  );
}
