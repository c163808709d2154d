import { eq } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { environments, pipelines } from '@/db/schema';
import { environmentOf, targetsOf } from '@/server/domain/deploy-targets';
import { AppError } from '@/server/domain/errors';
import type { ArtifactRef } from '@/server/domain/inventory';
import type { PipelineDefinition } from '@/server/domain/pipeline';
import type { DeployObjection } from '@/server/domain/views/deployment';
import { readForms } from '@/server/services/artifacts/forms';
import { pinAgainst, pinRefusal, vetoOf, vetoRefusal } from '@/server/services/deployments/guards';
import { isGivenBefore } from '@/server/services/pipelines/artifact-need';
import type { Reader } from '@/server/services/shared/reader';

type Place = typeof environments.$inferSelect;
/** What hangs on the artifact and where it goes. */
type Objection = Exclude<DeployObjection, { kind: 'pipeline' }>;
type Missing = Extract<DeployObjection, { kind: 'missing' }>;

interface Starting {
  readonly application: string;
  readonly definition: PipelineDefinition;
}

/** The environments that a pipeline's deploy stages go to, in the order of the stages. */
export async function deployTargets(db: Reader, { application, definition }: Starting): Promise<Place[]> {
  const places = await db.select().from(environments).where(eq(environments.application, application));
  return targetsOf(definition, places);
}

/**
 * What stands against a start, before the first environment is touched: everywhere the pipeline goes, the version
 * must be there in the form that is run there, nobody may have vetoed that, nor the cluster be pinned to another.
 */
export async function objectionsTo(
  db: Reader,
  pipeline: Starting,
  artifact: ArtifactRef,
): Promise<Objection[]> {
  const places = (await deployTargets(db, pipeline)).filter((place) => isSettled(pipeline, place));
  const forms = await readForms(db, places, artifact);
  const delivered = new Map([artifact, ...forms.values()].map((form) => [form.digest, form]));
  const objections: (Objection | null)[] = [];
  for (const form of delivered.values()) objections.push(await vetoOf(db, form));
  for (const place of places) {
    const form = forms.get(place.name);
    objections.push(
      form
        ? await pinAgainst(db, place, form)
        : await missing(db, pipeline.application, place, artifact.version),
    );
  }
  return objections.filter((objection) => objection !== null);
}

/** @throws AppError `not_found` or `conflict` with what to do about what stands against a start. */
export async function requireDeployable(
  tx: Transaction,
  pipeline: Starting,
  artifact: ArtifactRef,
): Promise<void> {
  const [objection] = await objectionsTo(tx, pipeline, artifact);
  if (objection) throw refusalOf(objection);
}

/** The sentence of an objection for those who start it nevertheless. */
function refusalOf(objection: Objection): AppError {
  switch (objection.kind) {
    case 'vetoed':
      return vetoRefusal(objection);
    case 'pinned':
      return pinRefusal(objection);
    case 'missing':
      return missingRefusal(objection);
    default:
      return objection satisfies never;
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

async function missing(db: Reader, application: string, place: Place, version: string): Promise<Missing> {
  const { artifact, name: environment } = place;
  const bakedBy = await makersOf(db, application, artifact);
  return { kind: 'missing', environment, artifact, version, bakedBy };
}

function missingRefusal({ environment, artifact, version, bakedBy }: Missing): AppError {
  const makers = bakedBy.map((name) => `"${name}"`);
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
async function makersOf(db: Reader, application: string, artifact: string): Promise<string[]> {
  const rows = await db.select().from(pipelines).where(eq(pipelines.application, application));
  return rows
    .filter(({ definition }) =>
      definition.stages.some((stage) => stage.type === 'bake' && stage.config.name === artifact),
    )
    .map(({ name }) => name)
    .toSorted();
}
