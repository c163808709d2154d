import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { environments, pipelines } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import { readForms } from '@/server/services/artifacts/forms';
import { requireNotPinned, requireNotVetoed } from '@/server/services/deployments/guards';
import { environmentOf } from '@/server/services/judgments/gated';
import { isGivenBefore } from '@/server/services/pipelines/artifact-need';

type Place = typeof environments.$inferSelect;

interface Starting {
  readonly application: string;
  readonly definition: PipelineDefinition;
}

/** The environments that a pipeline's deploy stages go to, in the order of the stages. */
export async function deployTargets(
  tx: Transaction,
  { application, definition }: Starting,
): Promise<Place[]> {
  const names = new Set(definition.stages.flatMap((stage) => environmentOf(stage) ?? []));
  const places = await tx.select().from(environments).where(eq(environments.application, application));
  return [...names].flatMap((name) => places.find((place) => place.name === name) ?? []);
}

/**
 * The checks of a start, before the first environment is touched: everywhere the pipeline goes, the version is there
 * in the form that is run there, nobody has vetoed that, and the cluster is not pinned to another.
 * @throws AppError `not_found` or `conflict` with what to do.
 */
export async function requireDeployable(
  tx: Transaction,
  pipeline: Starting,
  artifact: ArtifactRef,
): Promise<void> {
  await requireNotVetoed(tx, artifact);
  const places = (await deployTargets(tx, pipeline)).filter((place) => isSettled(pipeline, place));
  const forms = await readForms(tx, places, artifact);
  for (const place of places) {
    const form = forms.get(place.name);
    if (!form) throw await missing(tx, pipeline.application, place, artifact.version);
    if (form.digest !== artifact.digest) await requireNotVetoed(tx, form);
    await requireNotPinned(tx, place, form);
  }
}

/** Not where a stage before the deploy, or the deploy itself, says what goes there. */
function isSettled({ definition: { stages } }: Starting, place: Place): boolean {
  return stages.some(
    (stage) =>
      environmentOf(stage) === place.name &&
      stage.config.artifact === undefined &&
      !isGivenBefore(stages, stage),
  );
}

async function missing(tx: Transaction, application: string, place: Place, version: string) {
  const { artifact, name: environment } = place;
  const makers = (await makersOf(tx, application, artifact)).map((name) => `"${name}"`);
  const how =
    makers.length > 0
      ? `It is baked by the pipeline ${makers.join(' or ')}: run that first.`
      : `Publish it as ${artifact} ${version} first.`;
  return new AppError(
    'not_found',
    `There is no version ${version} of ${artifact}, which is what ${environment} runs. ${how} Nothing was deployed.`,
    { artifact, version, environment },
  );
}

/** Pipelines of the application that bake the artifact. */
async function makersOf(tx: Transaction, application: string, artifact: string): Promise<string[]> {
  const rows = await tx.select().from(pipelines).where(eq(pipelines.application, application));
  return rows
    .filter(({ definition }) =>
      definition.stages.some((stage) => stage.type === 'bake' && stage.config.name === artifact),
    )
    .map(({ name }) => name)
    .toSorted();
}
