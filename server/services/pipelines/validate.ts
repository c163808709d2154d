import type { z } from 'zod';
import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';
import { stageTypes } from '@/server/engine/stages/registry';
import type { StageCatalogue } from '@/server/engine/stages/stage';
import { environmentOf } from '@/server/services/judgments/gated';

const types: StageCatalogue = stageTypes;

/** Something wrong with a definition, and where. */
export interface Issue {
  /** Dotted, e.g. `stages.1.config.strategy`. */
  readonly path: string;
  readonly message: string;
}

/**
 * What is wrong with a pipeline beyond its shape: the graph, the stage types and their configuration.
 * @param environments the application's environments, which deploy stages may go to.
 */
export function pipelineIssues(definition: PipelineDefinition, environments: readonly string[]): Issue[] {
  const issues = definition.stages.flatMap((stage, index) =>
    [...stageIssues(stage, environments), ...referenceIssues(stage, definition)].map(({ path, message }) => ({
      path: `stages.${index}.${path}`,
      message,
    })),
  );
  return issues.length > 0 ? issues : cycleIssues(definition);
}

function referenceIssues(stage: StageDefinition, { stages }: PipelineDefinition): Issue[] {
  const same = stages.filter((other) => other.refId === stage.refId);
  const missing = stage.requires.filter((required) => !stages.some((other) => other.refId === required));
  return [
    ...(same.length > 1
      ? [{ path: 'refId', message: `"${stage.refId}" is used by ${same.length} stages` }]
      : []),
    ...missing.map((required) => ({ path: 'requires', message: `there is no stage "${required}"` })),
  ];
}

function stageIssues(stage: StageDefinition, environments: readonly string[]): Issue[] {
  const type = Object.hasOwn(types, stage.type) ? types[stage.type] : undefined;
  if (!type?.authorable) {
    const known = Object.values(types).filter((one) => one.authorable);
    const names = known.map((one) => one.type).join(', ');
    return [{ path: 'type', message: `"${stage.type}" is not a stage type; there are ${names}` }];
  }
  const config = type.configSchema.safeParse(stage.config);
  if (!config.success) return zodIssues('config', config.error);
  return environmentIssues(stage, environments);
}

/** The environment that a deploy stage names must exist; its own schema cannot know which there are. */
function environmentIssues(stage: StageDefinition, environments: readonly string[]): Issue[] {
  const environment = environmentOf(stage);
  if (environment === null || environments.includes(environment)) return [];
  const known = environments.join(', ') || 'none';
  return [
    { path: 'config.environment', message: `there is no environment "${environment}"; there are ${known}` },
  ];
}

function zodIssues(path: string, error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({
    path: [path, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
}

/** Takes away, again and again, what requires nothing that is left; a circle is what remains. */
function cycleIssues({ stages }: PipelineDefinition): Issue[] {
  let left = [...stages];
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const names = new Set(left.map((stage) => stage.refId));
    left = left.filter((stage) => stage.requires.some((required) => names.has(required)));
  }
  if (left.length === 0) return [];
  const circle = left.map((stage) => stage.refId).join(', ');
  return [{ path: 'stages', message: `stages require each other in a circle, among ${circle}` }];
}
