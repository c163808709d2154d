import { createHash } from 'node:crypto';
import { TAGS, type Tags } from '@/server/providers/aws/words/tags';
import { type Operation, ProviderError } from '@/server/providers/provider';

/**
 * Which operations have acted on an object, in a tag of it. AWS writes no tag together with an effect, so the tag is
 * written first: whoever comes again finds it and brings about what may be missing, which by then changes nothing.
 */

/** What of the object was changed: a later operation of the same aspect stands over an earlier one. */
export type Aspect = 'creation' | 'size' | 'traffic' | 'weights';

/**
 * - `new`: has not acted here
 * - `begun`: has, and nothing of the same aspect came after it
 * - `over`: has acted, and another operation since
 */
export type Standing = 'new' | 'begun' | 'over';

/** A tag has room for 256 characters: twelve entries of a short digest and a fence. */
const KEPT = 10;
const DIGEST_LENGTH = 12;

interface Entry {
  readonly id: string;
  readonly fence: number;
}

/** @throws ProviderError `fenced` when a newer lease has acted on the operation. */
export function standingOf(tags: Tags, { id, fence }: Operation, aspect: Aspect): Standing {
  const entries = read(tags, aspect);
  const at = entries.findIndex((entry) => entry.id === digestOf(id));
  const entry = entries[at];
  if (!entry) return 'new';
  if (fence < entry.fence)
    throw new ProviderError('fenced', `operation ${id} was taken over by fence ${entry.fence}`);
  return at === entries.length - 1 ? 'begun' : 'over';
}

/** The tag that says that the operation acts now. */
export function noted(tags: Tags, { id, fence }: Operation, aspect: Aspect): Record<string, string> {
  const entries = read(tags, aspect);
  const digest = digestOf(id);
  const known = entries.some((entry) => entry.id === digest);
  const next = known
    ? entries.map((entry) => (entry.id === digest ? { id: digest, fence } : entry))
    : [...entries, { id: digest, fence }].slice(-KEPT);
  return { [TAGS.operations + aspect]: next.map((entry) => `${entry.id}:${entry.fence}`).join(' ') };
}

/** A token by which AWS knows a request again. */
export function clientToken({ id }: Operation, part: string): string {
  return createHash('sha256').update(`${id}/${part}`).digest('hex').slice(0, 32);
}

function read(tags: Tags, aspect: Aspect): Entry[] {
  const value = tags[TAGS.operations + aspect] ?? '';
  return value.split(' ').flatMap((entry) => {
    const [, id, fence] = /^([0-9a-f]+):(\d+)$/.exec(entry) ?? [];
    return id === undefined ? [] : [{ id, fence: Number(fence) }];
  });
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, DIGEST_LENGTH);
}
