import {
  DEFAULT_FAILURE_POLICY,
  type ParameterDefinition,
  type PipelineDefinition,
} from '@/server/domain/pipeline';
import type { StageView } from '@/server/domain/views/execution';

type Definition = PipelineDefinition['stages'][number];

/** Stages in columns by how far they are from the start: a graph small enough for a table row. */
export function columnsOf(stages: readonly Definition[]): readonly (readonly Definition[])[] {
  const byRef = new Map(stages.map((stage) => [stage.refId, stage]));
  const depth = new Map<string, number>();
  const measure = (stage: Definition, seen: ReadonlySet<string>): number => {
    const known = depth.get(stage.refId);
    if (known !== undefined) return known;
    if (seen.has(stage.refId)) return 0;
    const upstream = stage.requires.flatMap((ref) => byRef.get(ref) ?? []);
    const inner = new Set(seen).add(stage.refId);
    const own = upstream.length === 0 ? 0 : Math.max(...upstream.map((s) => measure(s, inner))) + 1;
    depth.set(stage.refId, own);
    return own;
  };
  const columns: Definition[][] = [];
  for (const stage of stages) {
    const at = measure(stage, new Set());
    while (columns.length <= at) columns.push([]);
    columns[at]?.push(stage);
  }
  return columns;
}

/** A definition as the execution graph draws it: every stage not yet started. */
export function asStages(definition: PipelineDefinition): readonly StageView[] {
  return definition.stages.map((stage) => ({
    refId: stage.refId,
    parentRefId: null,
    type: stage.type,
    name: { key: 'literal', values: { text: stage.name } },
    status: 'pending',
    requires: stage.requires,
    startedAt: null,
    endedAt: null,
    waiting: null,
    error: null,
    try: 1,
    onFailure: stage.onFailure ?? DEFAULT_FAILURE_POLICY,
    skipRequestedBy: null,
    skippable: false,
  }));
}

/** Where a pipeline is edited. */
export function editorPath(application: string, pipeline: string): string {
  return `/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(pipeline)}/edit`;
}

/** Whether a person is asked on the way. */
export function hasGate(definition: PipelineDefinition): boolean {
  return definition.stages.some((stage) => stage.type === 'manualJudgment');
}

export type { ParameterDefinition } from '@/server/domain/pipeline';

/** What may be chosen, where a parameter offers a choice; null where people type. */
export function choicesOf({ type, options }: ParameterDefinition): readonly string[] | null {
  if (options) return options.map(String);
  return type === 'boolean' ? ['true', 'false'] : null;
}

/** The kind of input that helps people to type a parameter's value. */
export function inputTypeOf({ type }: ParameterDefinition): 'text' | 'number' | 'date' {
  return type === 'number' || type === 'date' ? type : 'text';
}

/** What the run form starts with. */
export function initialParameters(parameters: readonly ParameterDefinition[]): Record<string, string> {
  return Object.fromEntries(parameters.map((p) => [p.name, String(p.default ?? '')]));
}

/** Names of required parameters that are still empty. */
export function missingParameters(
  parameters: readonly ParameterDefinition[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return parameters.filter((p) => p.required && !values[p.name]?.trim()).map((p) => p.name);
}

/** Environments and so artifacts that the pipeline's deploy stages need. */
export function deployTargets(definition: PipelineDefinition): readonly string[] {
  const named = definition.stages.flatMap(({ type, config }) =>
    type === 'deploy' && typeof config['environment'] === 'string' && !config['environment'].includes('${')
      ? [config['environment']]
      : [],
  );
  return [...new Set(named)];
}
