import type { ClusterRef } from '@/server/domain/inventory';
import { type Message, message } from '@/server/domain/message';
import type { Validations } from '@/server/engine/clusters/validation';
import type { ChildStage } from '@/server/engine/stages/stage';
import type { Step, Wanted } from '@/server/strategies/strategy';

/** One child stage per step, each after the one before it. */
export function stepStages(
  ref: ClusterRef,
  steps: readonly Step[],
  /** Needed when a step creates a group. */
  creation: {
    readonly wanted: Wanted;
    readonly environment: string;
    readonly loadBalancers: readonly string[];
    readonly timeoutSeconds?: number | undefined;
    readonly validations: Validations;
  } | null,
  after: readonly string[],
): ChildStage[] {
  let requires = after;
  return steps.map((step, index) => {
    const key = `${ref.region}-${index + 1}-${step.type}`;
    const child = {
      key,
      type: step.type === 'validate' ? 'pipeline' : step.type,
      name: nameOf(ref, step, creation?.wanted),
      requires,
      config: configOf(ref, step, creation),
      ...(tidiesUp(steps, index) ? { onFailure: 'ignore' as const } : {}),
    };
    requires = [key];
    return child;
  });
}

/** With the new group in traffic, an old one that cannot be removed is told, and undoes nothing. */
function tidiesUp(steps: readonly Step[], index: number): boolean {
  return (
    steps[index]?.type === 'destroyServerGroup' &&
    steps.slice(0, index).some(({ type }) => type === 'enableServerGroup')
  );
}

function configOf(
  ref: ClusterRef,
  step: Step,
  creation: Parameters<typeof stepStages>[2],
): Readonly<Record<string, unknown>> {
  switch (step.type) {
    case 'createServerGroup':
      if (!creation) throw new Error(`the plan creates ${step.serverGroup} but does not say from what`);
      return {
        ...ref,
        serverGroup: step.serverGroup,
        enabled: step.enabled,
        environment: creation.environment,
        loadBalancers: creation.loadBalancers,
        artifact: step.artifact ?? creation.wanted.artifact,
        ...(creation.timeoutSeconds ? { timeoutSeconds: creation.timeoutSeconds } : {}),
        capacity: step.capacity ?? creation.wanted.capacity,
      };
    case 'enableServerGroup':
    case 'disableServerGroup':
    case 'destroyServerGroup':
      return { ...ref, serverGroup: step.serverGroup };
    case 'resizeServerGroup':
      return { ...ref, serverGroup: step.serverGroup, capacity: step.capacity };
    case 'setWeights':
      return { ...ref, loadBalancer: ref.cluster, weights: step.weights };
    case 'wait':
      return { seconds: step.seconds };
    case 'canaryAnalysis':
      return {
        ...step.options,
        scopes: {
          baseline: { scope: step.baseline, location: ref.region, version: step.versions.baseline },
          canary: { scope: step.canary, location: ref.region, version: step.versions.canary },
        },
      };
    case 'manualJudgment':
      return { instructions: step.instructions };
    case 'validate':
      return {
        pipeline: step.pipeline,
        parameters: creation?.validations.get(step) ?? {},
      };
    default:
      return step satisfies never;
  }
}

function nameOf({ region }: ClusterRef, step: Step, wanted: Wanted | undefined): Message {
  switch (step.type) {
    case 'createServerGroup':
      return message('stage.createServerGroup', {
        serverGroup: step.serverGroup,
        version: (step.artifact ?? wanted?.artifact)?.version ?? '',
        region,
      });
    case 'enableServerGroup':
      return message('stage.enableServerGroup', { serverGroup: step.serverGroup, region });
    case 'disableServerGroup':
      return message('stage.disableServerGroup', { serverGroup: step.serverGroup, region });
    case 'destroyServerGroup':
      return message('stage.destroyServerGroup', { serverGroup: step.serverGroup, region });
    case 'resizeServerGroup':
      return message('stage.resizeServerGroup', {
        serverGroup: step.serverGroup,
        region,
        desired: step.capacity.desired,
      });
    case 'setWeights':
      return message('stage.setWeights', { shares: shares(step.weights), region });
    case 'wait':
      return message('stage.wait', { seconds: step.seconds, region });
    case 'canaryAnalysis':
      return message('stage.canaryAnalysis', { ...step.versions, region });
    case 'manualJudgment':
      return message('stage.manualJudgment', { region });
    case 'validate':
      return message('stage.validate', { pipeline: step.pipeline, percent: step.percent, region });
    default:
      return step satisfies never;
  }
}

/** `catalog-prod-v003 10 %, catalog-prod-v002 90 %` */
function shares(weights: Readonly<Record<string, number>>): string {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Object.entries(weights)
    .map(([group, weight]) => `${group} ${sum === 0 ? 0 : Math.round((weight / sum) * 100)} %`)
    .join(', ');
}
