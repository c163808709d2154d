import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { applications, environments, executions } from '@/db/schema';
import { CATALOG_VERSIONS, packCatalog } from '@/examples/catalog/pack';
import { isAppError } from '@/server/domain/errors';
import { applicationDefinitionSchema } from '@/server/domain/pipeline';
import { enqueueExecution } from '@/server/engine/enqueue';
import type { Environment } from '@/server/env';
import type { Logger } from '@/server/log';
import { applyApplication } from '@/server/services/applications/apply';
import { findArtifact } from '@/server/services/artifacts/find';
import { uploadArtifact } from '@/server/services/artifacts/upload';
import type { ServiceContext } from '@/server/services/context';
import { withToggleKeys } from '@/server/services/demo/toggle-keys';
import { seedToggles } from '@/server/services/demo/toggles';

const APPLICATION = 'catalog';
const FIRST_VERSION = '1.0.0';
/** A newcomer should find it running, but a slow machine must not keep the product from starting. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 200;

const NOTES: Readonly<Record<(typeof CATALOG_VERSIONS)[number], string>> = {
  '1.0.0': 'The first release.',
  '1.1.0': 'Sorts products by price.',
  '1.2.0': 'Recommendations. Try it behind a gate first.',
};

/** The example: three versions of a service, the application with its pipelines, and the first version running. */
export async function seedDemo(ctx: ServiceContext, env: Environment, log: Logger): Promise<void> {
  for (const version of CATALOG_VERSIONS) await publish(ctx, version, log);
  const [there] = await ctx.db.select().from(applications).where(eq(applications.name, APPLICATION));
  if (!there) {
    const file = path.join(process.cwd(), 'examples', APPLICATION, 'application.json');
    const definition = applicationDefinitionSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    await applyApplication(ctx, await withToggleKeys(ctx, definition, env.SIGNALBOX_URL));
    await seedToggles(ctx, APPLICATION);
  }
  const started = await bringUp(ctx);
  if (started.length > 0 && env.SIGNALBOX_WORKERS > 0) await untilDone(ctx, started, log);
}

async function publish(
  ctx: ServiceContext,
  version: (typeof CATALOG_VERSIONS)[number],
  log: Logger,
): Promise<void> {
  const content = await packCatalog(version);
  try {
    await uploadArtifact(ctx, { name: APPLICATION, version, content, metadata: { notes: NOTES[version] } });
  } catch (error) {
    // The example's sources have changed since: what was published first stays.
    if (!isAppError(error) || error.code !== 'conflict') throw error;
    log.warn({ version }, 'the example is published already, with other content');
  }
}

/** Deploys the first version wherever the example has never run; the key makes it once, whoever starts. */
async function bringUp(ctx: ServiceContext): Promise<string[]> {
  const { name, version, digest } = await findArtifact(ctx.db, APPLICATION, FIRST_VERSION);
  const places = await ctx.db
    .select({ name: environments.name })
    .from(environments)
    .where(and(eq(environments.application, APPLICATION), eq(environments.artifact, APPLICATION)))
    .orderBy(environments.order);
  const started: string[] = [];
  for (const { name: environment } of places) {
    const { executionId, created } = await ctx.db.transaction((tx) =>
      enqueueExecution(tx, {
        application: APPLICATION,
        pipeline: 'first-start',
        pipelineRevision: 1,
        definition: firstStart(environment),
        trigger: {
          kind: 'demo',
          by: 'Signalbox',
          userId: null,
          note: `bring ${name} ${version} up in ${environment}`,
        },
        parameters: {},
        environment,
        artifact: { name, version, digest },
        idempotencyKey: `demo ${APPLICATION} ${environment}`,
      }),
    );
    if (created) started.push(executionId);
  }
  return started;
}

/** Without the gate of the real pipeline: there is nothing yet that a person could protect. */
function firstStart(environment: string) {
  const config = { environment, strategy: 'redblack', options: { keep: 2 } };
  const stage = { refId: 'deploy', type: 'deploy', name: `Bring up ${environment}`, requires: [], config };
  return { name: 'first-start', description: 'Brings the example up.', parameters: [], stages: [stage] };
}

async function untilDone(ctx: ServiceContext, ids: readonly string[], log: Logger): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const open = await ctx.db
      .select({ id: executions.id })
      .from(executions)
      .where(and(inArray(executions.id, [...ids]), isNull(executions.endedAt)));
    if (open.length === 0) return;
    await sleep(LOOK_EVERY_MS);
  }
  log.warn('the example is not up yet; it goes on in the background');
}
