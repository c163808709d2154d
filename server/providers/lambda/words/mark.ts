import { createHash } from 'node:crypto';
import type { ArtifactRef } from '@/server/domain/inventory';
import { type Operation, ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** The most that Lambda keeps as a description, of versions and of aliases. */
export const DESCRIPTION_LIMIT = 256;
const SIGN = 'signalbox';
const DIGEST_LENGTH = 12;

/** What we write on a version that we publish: versions have no tags, and their description never changes. */
export interface Mark {
  readonly serverGroup: string;
  readonly application: string;
  readonly artifact: Pick<ArtifactRef, 'name' | 'version'>;
  /** That it stands behind; null for a version that is only called by its number. */
  readonly loadBalancer: string | null;
  /** Digest of the operation that published it, and its fence. */
  readonly operation: string;
  readonly fence: number;
}

/** @throws ProviderError `invalid` when the names are too long together. */
export function markText(spec: ServerGroupSpec, { id, fence }: Operation): string {
  const { name, application, artifact } = spec;
  const [loadBalancer] = spec.loadBalancers;
  const fields = {
    group: name,
    application,
    artifact: artifact.name,
    version: artifact.version,
    ...(loadBalancer === undefined ? {} : { balancer: loadBalancer }),
    by: `${digestOf(id)}:${fence}`,
  };
  const text = sealed(fields);
  if (text.length <= DESCRIPTION_LIMIT) return text;
  throw new ProviderError(
    'invalid',
    `The names of ${name} and of its artifact are too long together: Lambda keeps ${DESCRIPTION_LIMIT} characters about a version.`,
  );
}

/** Null for a version that somebody else published. */
export function markIn(description: string | undefined): Mark | null {
  const fields = opened(description);
  const { group, application, artifact, version, balancer, by = '' } = fields ?? {};
  if (group === undefined || application === undefined || artifact === undefined || version === undefined)
    return null;
  const [operation = '', fence = '0'] = by.split(':');
  return {
    serverGroup: group,
    application,
    artifact: { name: artifact, version },
    loadBalancer: balancer ?? null,
    operation,
    fence: Number(fence),
  };
}

/**
 * Whether the operation published it.
 * @throws ProviderError `fenced` when a newer lease did.
 */
export function isBy(mark: Mark, { id, fence }: Operation): boolean {
  if (mark.operation !== digestOf(id)) return false;
  if (fence < mark.fence)
    throw new ProviderError('fenced', `operation ${id} was taken over by fence ${mark.fence}`);
  return true;
}

export function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, DIGEST_LENGTH);
}

/** Our sign and what it says, in one line. */
export function sealed(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${escaped(value)}`);
  return [SIGN, ...pairs].join(' ');
}

/** Null for a text that does not bear our sign. */
export function opened(text: string | undefined): Partial<Record<string, string>> | null {
  const [sign, ...pairs] = (text ?? '').split(' ');
  if (sign !== SIGN) return null;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), unescaped(pair.slice(at + 1))];
    }),
  );
}

function escaped(value: string): string {
  return value.replace(/[%\s]/g, (character) => encodeURIComponent(character));
}

/** A person may have edited it: what is no escape stands for itself. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
