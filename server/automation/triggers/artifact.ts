import { and, asc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { artifacts } from '@/db/schema';
import type { Firing, OutsideEvent, Seen, TriggerType } from '@/server/automation/triggers/trigger';
import { matchesAny } from '@/server/domain/patterns';

const configSchema = z.object({
  /** Name of the artifact. */
  artifact: z.string().min(1).meta({ widget: 'artifact' }),
  /** Versions, with `*` for anything. */
  versions: z.array(z.string().min(1).max(128)).max(50).default(['*']),
  /** Also fires for CDEvents artifact.published that this source sends. */
  source: z.string().meta({ widget: 'webhookSource' }).optional(),
});
type Config = z.infer<typeof configSchema>;

const LOOK_EVERY_MS = 1_000;
/** A transaction that began earlier may commit later than one that was seen already. */
const OVERLAP_MS = 30_000;
const PUBLISHED = /^dev\.cdevents\.artifact\.published\./;
const stateSchema = z.object({ since: z.iso.datetime() });

/** Starts when a version of an artifact is published, here or by an event from outside. */
export const artifact: TriggerType<Config> = {
  type: 'artifact',
  label: 'Artifact published',
  configSchema,
  startsAs: 'artifact',
  async look({ db, now }, { config, state }) {
    const nextAt = new Date(now.getTime() + LOOK_EVERY_MS);
    const armed = stateSchema.safeParse(state);
    if (!armed.success) return { firings: [], state: { since: now.toISOString() }, nextAt };
    const since = new Date(armed.data.since);
    const published = await db
      .select()
      .from(artifacts)
      .where(and(eq(artifacts.name, config.artifact), gt(artifacts.createdAt, since)))
      .orderBy(asc(artifacts.createdAt));
    const firings = published
      .filter((one) => matchesAny(one.version, config.versions))
      .map(
        ({ name, version, digest }): Firing => ({
          dedupe: `${name} ${version} ${digest}`,
          note: `${name} ${version} was published`,
          payload: { name, version, digest },
          artifact: { name, version },
        }),
      );
    const settled = now.getTime() - OVERLAP_MS;
    return { firings, state: { since: new Date(Math.max(since.getTime(), settled)).toISOString() }, nextAt };
  },
  match: matchPublished,
};

const eventSchema = z.looseObject({ subject: z.looseObject({ id: z.string() }) });

function matchPublished(event: OutsideEvent, { config }: Seen<Config>): Firing | null {
  if (event.source !== config.source || !PUBLISHED.test(event.event)) return null;
  const named = fromPurl(eventSchema.safeParse(event.payload).data?.subject.id ?? '');
  if (named?.name !== config.artifact || !matchesAny(named.version, config.versions)) return null;
  const note = `${named.name} ${named.version} was published`;
  return { dedupe: `${event.source} ${event.deliveryId}`, note, payload: event.payload, artifact: named };
}

/** `pkg:oci/shop@sha256%3A…?tag=1.2.3` and `pkg:generic/shop@1.2.3`: a tag is the version people use. */
export function fromPurl(purl: string): { name: string; version: string } | null {
  const match = /^pkg:[^/]+\/(?:.+\/)?([^@?#/]+)@([^?#]+)(?:\?([^#]*))?/.exec(purl);
  if (!match?.[1] || !match[2]) return null;
  const tag = new URLSearchParams(match[3] ?? '').get('tag');
  return { name: decodeURIComponent(match[1]), version: tag ?? decodeURIComponent(match[2]) };
}
