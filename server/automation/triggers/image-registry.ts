import { z } from 'zod';
import { readDigest } from '@/server/automation/registry/read-digest';
import type { Firing, OutsideEvent, Seen, TriggerType } from '@/server/automation/triggers/trigger';

const configSchema = z.object({
  /** Address of the registry, e.g. https://registry.example.com. */
  registry: z.url({ protocol: /^https?$/ }).meta({ widget: 'url' }),
  /** Name of the image within it, e.g. team/shop. */
  repository: z
    .string()
    .regex(/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/, 'must be the name of an image, such as team/shop'),
  /** The tag that is watched; it may move. */
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/)
    .default('latest'),
  everySeconds: z.number().int().min(10).max(86_400).meta({ widget: 'seconds' }).default(60),
  /** `NAME`: user and password are read from SIGNALBOX_WEBHOOK_SECRET_NAME as `user:password`. */
  credentials: z
    .string()
    .regex(/^[A-Z0-9_]+$/)
    .optional(),
  /** Also fires at once for notifications that this source sends. */
  source: z.string().meta({ widget: 'webhookSource' }).optional(),
});
type Config = z.infer<typeof configSchema>;

const stateSchema = z.object({
  digest: z.string().nullable(),
  /** When the tag was first seen at this digest. */
  since: z.string().default(''),
});
type State = z.infer<typeof stateSchema>;

/** Starts when a tag of a container image points to something new. */
export const registry: TriggerType<Config> = {
  type: 'registry',
  label: 'Container image',
  configSchema,
  startsAs: 'registry',
  async look({ now, outbound, signal }, { config, state }) {
    const credentials = config.credentials
      ? process.env[`SIGNALBOX_WEBHOOK_SECRET_${config.credentials}`]
      : undefined;
    const answer = await readDigest({ ...config, credentials: credentials ?? null }, outbound, signal);
    const wait = Math.max(config.everySeconds * 1_000, answer.retryAfterMs ?? 0);
    const nextAt = new Date(now.getTime() + wait);
    const before = stateSchema.safeParse(state).data;
    const { digest } = answer;
    // What is there at the first look is not new.
    if (!before) return { firings: [], state: { digest, since: now.toISOString() }, nextAt };
    if (digest === null || digest === before.digest) return { firings: [], state: before, nextAt };
    return {
      firings: [firingOf(config, before, digest)],
      state: { digest, since: now.toISOString() },
      nextAt,
    };
  },
  match: matchNotification,
};

/**
 * What it moved from makes a move once, whether a poll or a notification saw it first, and tells a tag that
 * comes back to an earlier digest from a notification that comes again.
 */
function firingOf({ registry: host, repository, tag }: Config, before: State | null, digest: string): Firing {
  return {
    dedupe: `${repository}:${tag}@${digest} after ${before?.digest ?? 'nothing'} ${before?.since ?? ''}`,
    note: `${repository}:${tag} is new`,
    payload: { registry: host, repository, tag, digest },
  };
}

const notificationSchema = z.looseObject({
  action: z.string(),
  target: z.looseObject({
    repository: z.string(),
    tag: z.string().optional(),
    digest: z.string().optional(),
  }),
});

function matchNotification(event: OutsideEvent, { config, state, now }: Seen<Config>): Firing | null {
  if (event.source !== config.source || event.format !== 'distribution') return null;
  const { data } = notificationSchema.safeParse(event.payload);
  // Our own polls come back as pulls, and the layers of an image as pushes without a tag.
  if (data?.action !== 'push' || data.target.tag !== config.tag || !data.target.digest) return null;
  const { repository, digest } = data.target;
  const before = stateSchema.safeParse(state).data ?? null;
  if (repository !== config.repository || before?.digest === digest) return null;
  return { ...firingOf(config, before, digest), state: { digest, since: now.toISOString() } };
}
