import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { artifacts, environments, type executions, type stages } from '@/db/schema';
import type { ToldArtifact } from '@/server/automation/notifications/format';
import type { NotificationEvent } from '@/server/domain/pipeline';
import type { Reader } from '@/server/services/shared/reader';

export type StageRow = typeof stages.$inferSelect;
type ExecutionRow = typeof executions.$inferSelect;

const placeSchema = z.looseObject({
  environment: z.string().optional(),
  account: z.string().optional(),
  cluster: z.string().optional(),
});
const beforeSchema = z.looseObject({
  before: z.array(z.looseObject({ groups: z.array(z.looseObject({ enabled: z.boolean() })) })),
});

/** Name of the environment that a stage works in, or `account/cluster` for a cluster of none. */
export async function environmentOf(
  db: Reader,
  execution: ExecutionRow,
  stage: StageRow,
): Promise<string | null> {
  const { application } = execution;
  const config = placeSchema.safeParse(stage.config);
  if (!config.success) return execution.environment;
  const { environment, account, cluster } = config.data;
  if (environment) return environment;
  if (!account || !cluster) return execution.environment;
  const [row] = await db
    .select({ name: environments.name })
    .from(environments)
    .where(
      and(
        eq(environments.application, application),
        eq(environments.account, account),
        eq(environments.cluster, cluster),
      ),
    );
  return row?.name ?? `${account}/${cluster}`;
}

/** What the execution delivers, in the form that is run there; after a rollback, what runs again. */
export async function artifactOf(
  db: Reader,
  event: NotificationEvent,
  { application, artifact, version, digest }: ExecutionRow,
  stage: StageRow | null,
  environment: string | null,
): Promise<ToldArtifact | null> {
  const back = event === 'service.rolledback' ? versionBack(stage) : null;
  const delivered = artifact && version ? { name: artifact, version, digest } : null;
  const wanted = back ?? delivered?.version;
  if (!wanted || !environment) return delivered;
  const [form] = await db
    .select({ name: environments.artifact, digest: artifacts.digest })
    .from(environments)
    .leftJoin(artifacts, and(eq(artifacts.name, environments.artifact), eq(artifacts.version, wanted)))
    .where(and(eq(environments.application, application), eq(environments.name, environment)));
  if (!form || (form.name === delivered?.name && wanted === delivered.version)) return delivered;
  return form.digest || back ? { name: form.name, version: wanted, digest: form.digest } : delivered;
}

/** A rollback notes in its log what it went back to. */
function versionBack(stage: StageRow | null): string | null {
  const noted = stage?.log.find(({ text }) => text.key === 'engine.rollback.to')?.text.values.version;
  return noted === undefined ? null : String(noted);
}

/** Whether something was enabled before a deploy stage. */
export function ranBefore(stage: StageRow): boolean {
  const planned = beforeSchema.safeParse(stage.outputs);
  return planned.success && planned.data.before.some(({ groups }) => groups.some((group) => group.enabled));
}
