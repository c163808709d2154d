import { hasGate } from '@/components/pipelines/pipeline.view';
import { reachOf } from '@/server/domain/deploy-targets';
import type { ArtifactView, PipelineView } from '@/server/domain/views/admin';
import type { EnvironmentView } from '@/server/domain/views/application';
import type { DeployObjection } from '@/server/domain/views/deployment';
import type { RegionPreview, StepPreview } from '@/server/domain/views/execution';

export interface VersionChoice {
  readonly version: string;
  readonly createdAt: string;
  /** Takes traffic in the environment that is deployed to. */
  readonly here: boolean;
  readonly elsewhere: readonly string[];
  readonly veto: ArtifactView['veto'];
}

/** `catalog/prod` or `prod`: how the API names an environment where an artifact runs. */
function isEnvironment(named: string, application: string, environment: string): boolean {
  return named === environment || named === `${application}/${environment}`;
}

/** Versions to choose from, newest first; vetoed ones stay in sight with their reason. */
export function versionChoices(
  artifacts: readonly ArtifactView[],
  application: string,
  environment: Pick<EnvironmentView, 'name' | 'artifact'>,
): readonly VersionChoice[] {
  return artifacts
    .filter((artifact) => artifact.name === environment.artifact)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    .map(({ version, createdAt, veto, runsIn }) => ({
      version,
      createdAt,
      veto,
      here: runsIn.some((named) => isEnvironment(named, application, environment.name)),
      elsewhere: runsIn.filter((named) => !isEnvironment(named, application, environment.name)),
    }));
}

/** The version that most likely comes next: the newest that may be deployed and does not run here yet. */
export function suggestedVersion(choices: readonly VersionChoice[]): string | null {
  const allowed = choices.filter((choice) => choice.veto === null);
  return (allowed.find((choice) => !choice.here) ?? allowed[0])?.version ?? null;
}

export interface DeployOutlook {
  readonly stages: readonly string[];
  readonly gated: boolean;
  /** Everywhere it delivers to, in its order. */
  readonly reach: readonly EnvironmentView[];
}

/** What starting the environment's pipeline means; null while its definition, or the environment, is unknown. */
export function outlookOf(
  pipeline: PipelineView | undefined,
  environments: readonly EnvironmentView[],
  where: EnvironmentView | undefined,
): DeployOutlook | null {
  if (!pipeline || !where) return null;
  return {
    stages: pipeline.definition.stages.map((stage) => stage.name),
    gated: hasGate(pipeline.definition),
    reach: reachOf(pipeline.definition, environments, where),
  };
}

type Pinned = Extract<DeployObjection, { kind: 'pinned' }>;

/** The pins that stand against a deploy, which can be lifted together. */
export function pinsAmong(objections: readonly DeployObjection[]): readonly Pinned[] {
  return objections.filter((objection) => objection.kind === 'pinned');
}

export interface PlacePreview {
  readonly environment: string;
  readonly account: string;
  readonly regions: readonly RegionPreview[];
}

/** What the platform of each environment would be given; environments as they come first. */
export function byEnvironment(regions: readonly RegionPreview[]): readonly PlacePreview[] {
  const first = new Map<string, RegionPreview>();
  for (const region of regions) if (!first.has(region.environment)) first.set(region.environment, region);
  return [...first.values()].map(({ environment, account }) => ({
    environment,
    account,
    regions: regions.filter((region) => region.environment === environment),
  }));
}

/** What happens to an object that a deploy writes. */
export function changeKind({
  before,
  after,
}: {
  readonly before: string | null;
  readonly after: string | null;
}): 'created' | 'changed' | 'removed' | 'same' {
  if (before === after) return 'same';
  if (before === null) return 'created';
  return after === null ? 'removed' : 'changed';
}

export interface RegionSteps {
  readonly region: string | null;
  readonly steps: readonly StepPreview[];
}

/** The steps of each region in their order; regions as they come first. */
export function stepsByRegion(steps: readonly StepPreview[]): readonly RegionSteps[] {
  const regions = [...new Set(steps.map((step) => step.region))];
  return regions.map((region) => ({ region, steps: steps.filter((step) => step.region === region) }));
}
