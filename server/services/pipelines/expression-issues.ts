import type { PipelineDefinition, StageDefinition } from '@/server/domain/pipeline';
import { inspectTemplate } from '@/server/expressions/evaluate';
import type { References } from '@/server/expressions/references';
import type { Issue } from '@/server/services/pipelines/validate';

/**
 * What is wrong with the expressions of a stage, as far as it can be told before anything runs: how they
 * are written, and that what they name is there by then.
 * @returns also the paths of `config` whose value is only known when the stage starts.
 */
export function expressionIssues(
  definition: PipelineDefinition,
  stage: StageDefinition,
): { readonly issues: Issue[]; readonly dynamic: ReadonlySet<string> } {
  const config = inspectTemplate(stage.config);
  const when = inspectTemplate(stage.when === undefined ? '' : `\${${stage.when}}`);
  return {
    issues: [
      ...config.problems.map(({ path, message }) => ({ path: `config.${path}`, message })),
      ...when.problems.map(({ message }) => ({ path: 'when', message })),
      ...nameIssues(definition, stage, config.references).map((message) => ({ path: 'config', message })),
      ...nameIssues(definition, stage, when.references).map((message) => ({ path: 'when', message })),
    ],
    dynamic: config.dynamic,
  };
}

function nameIssues(
  definition: PipelineDefinition,
  stage: StageDefinition,
  { stages, parameters }: References,
): string[] {
  const before = upstreamOf(definition, stage);
  const known = new Set(definition.parameters.map((parameter) => parameter.name));
  return [
    ...[...parameters]
      .filter((name) => !known.has(name))
      .map((name) => `there is no parameter "${name}"; there are ${[...known].join(', ') || 'none'}`),
    ...[...(stages ?? [])]
      .filter((name) => !before.has(name))
      .map((name) =>
        definition.stages.some((one) => one.refId === name)
          ? `stage "${name}" does not come before "${stage.refId}", so its results are not known by then`
          : `there is no stage "${name}"`,
      ),
  ];
}

/** refIds of everything that has ended when the stage starts. */
function upstreamOf({ stages }: PipelineDefinition, stage: StageDefinition): Set<string> {
  const before = new Set<string>();
  const open = [...stage.requires];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (before.has(name)) continue;
    before.add(name);
    open.push(...(stages.find((one) => one.refId === name)?.requires ?? []));
  }
  return before;
}
