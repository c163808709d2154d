import { z } from 'zod';
import { ANNOTATIONS, jsonIn } from '@/server/providers/kubernetes/words/labels';
import { type Operation, ProviderError } from '@/server/providers/provider';

/**
 * Which operations have acted on an object. It stands in an annotation that is written together with the effect,
 * so that the one is never without the other.
 */

const entrySchema = z.object({
  id: z.string(),
  fence: z.number(),
  /** What of the object it changed: a later one of the same aspect stands over it. */
  of: z.enum(['creation', 'size', 'traffic', 'weights', 'content', 'end']),
});
const ledgerSchema = z.array(entrySchema);
type Entry = z.infer<typeof entrySchema>;
export type Aspect = Entry['of'];

/** Enough for any retry that is still alive; an annotation has room for a few thousand bytes of it. */
const KEPT = 32;

/**
 * - `new`: has not acted here
 * - `begun`: has written, and nothing of the same aspect came after it: what follows the write may be missing
 * - `over`: has acted, and another operation since
 */
export type Standing = 'new' | 'begun' | 'over';

interface Annotated {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/** @throws ProviderError `fenced` when a newer lease has acted on the operation. */
export function standingOf(object: Annotated | null, { id, fence }: Operation): Standing {
  const entries = read(object);
  const at = entries.findIndex((entry) => entry.id === id);
  const entry = entries[at];
  if (!entry) return 'new';
  if (fence < entry.fence)
    throw new ProviderError('fenced', `operation ${id} was taken over by fence ${entry.fence}`);
  return entries.slice(at + 1).some((later) => later.of === entry.of) ? 'over' : 'begun';
}

/** Whether the operation has acted here with this very fence, so that nothing is left to note. */
export function isNoted(object: Annotated | null, { id, fence }: Operation): boolean {
  return read(object).some((entry) => entry.id === id && entry.fence === fence);
}

/** The annotation as it must be written together with what the operation changes. */
export function noted(
  object: Annotated | null,
  { id, fence }: Operation,
  of: Aspect,
): Record<string, string> {
  const entries = read(object);
  const known = entries.some((entry) => entry.id === id);
  const next = known
    ? entries.map((entry) => (entry.id === id ? { ...entry, fence } : entry))
    : [...entries, { id, fence, of }].slice(-KEPT);
  return { [ANNOTATIONS.operations]: JSON.stringify(next) };
}

/** Empty when there is none, or when a person has made it unreadable. */
function read(object: Annotated | null): Entry[] {
  return ledgerSchema.safeParse(jsonIn(object?.metadata?.annotations?.[ANNOTATIONS.operations])).data ?? [];
}
