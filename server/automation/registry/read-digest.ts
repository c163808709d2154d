import { z } from 'zod';
import type { OutboundPolicy } from '@/server/outbound/policy';
import { type OutboundResponse, sendOutbound } from '@/server/outbound/send';

export interface ImageRef {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** `user:password`, or null for none. */
  readonly credentials: string | null;
}

export interface DigestAnswer {
  /** Null when the tag does not exist. */
  readonly digest: string | null;
  /** How long the registry asked to be left alone. */
  readonly retryAfterMs: number | null;
}

/** A registry that is asked with other types answers 404, as if the tag did not exist. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const TIMEOUT_MS = 10_000;

/**
 * What a tag points to now. Source: OCI distribution specification and the registry token protocol.
 * @throws Error with a sentence when the registry cannot be read.
 */
export async function readDigest(
  ref: ImageRef,
  policy: OutboundPolicy,
  signal: AbortSignal,
): Promise<DigestAnswer> {
  const url = `${ref.registry.replace(/\/$/, '')}/v2/${ref.repository}/manifests/${ref.tag}`;
  const head = (authorization: string | null) =>
    sendOutbound(
      {
        url,
        method: 'HEAD',
        headers: { accept: MANIFESTS, ...(authorization ? { authorization } : {}) },
        timeoutMs: TIMEOUT_MS,
        signal,
      },
      policy,
    );
  let answer = await head(null);
  if (answer.status === 401) answer = await head(await authorize(answer, ref, policy, signal));
  if (answer.status === 404) return { digest: null, retryAfterMs: null };
  if (answer.status === 429 || answer.status >= 500) {
    const seconds = Number(answer.headers['retry-after']);
    return { digest: null, retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : 60_000 };
  }
  const digest = answer.headers['docker-content-digest'];
  if (answer.status === 200 && digest) return { digest, retryAfterMs: null };
  throw new Error(`the registry answered ${answer.status} for ${ref.repository}:${ref.tag}`);
}

const tokenSchema = z
  .looseObject({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token);

/** Does what the registry's challenge asks for. */
async function authorize(
  answer: OutboundResponse,
  { repository, credentials }: ImageRef,
  policy: OutboundPolicy,
  signal: AbortSignal,
): Promise<string | null> {
  const challenge = answer.headers['www-authenticate'] ?? '';
  const basic = credentials ? `Basic ${Buffer.from(credentials).toString('base64')}` : null;
  if (!/^bearer /i.test(challenge)) return basic;
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`, 'i').exec(challenge)?.[1];
  const realm = part('realm');
  if (!realm || !URL.canParse(realm)) throw new Error('the registry asks for a token but does not say where');
  const url = new URL(realm);
  const service = part('service');
  if (service) url.searchParams.set('service', service);
  url.searchParams.set('scope', part('scope') ?? `repository:${repository}:pull`);
  const given = await sendOutbound(
    {
      url: url.href,
      method: 'GET',
      headers: basic ? { authorization: basic } : {},
      timeoutMs: TIMEOUT_MS,
      signal,
    },
    policy,
  );
  const token = given.status === 200 ? tokenSchema.parse(JSON.parse(given.body)) : undefined;
  if (!token) throw new Error(`the registry's token service answered ${given.status}`);
  return `Bearer ${token}`;
}
