import {
  type PipelineDefinition,
  pipelineDefinitionSchema,
  type StageDefinition,
} from '@/server/domain/pipeline';
import type { ImportTarget } from '@/server/interchange/spinnaker/context';
import { refIdOf, slugOf, uniqueAmong } from '@/server/interchange/spinnaker/names';
import { notificationsOf } from '@/server/interchange/spinnaker/notifications';
import { type Parameters, parametersOf } from '@/server/interchange/spinnaker/parameters';
import { type Note, outcomeOf, type ReportEntry, Unmappable } from '@/server/interchange/spinnaker/report';
import { clip, Source } from '@/server/interchange/spinnaker/source';
import { type ConvertedStage, convertStage } from '@/server/interchange/spinnaker/stage';
import { Texts } from '@/server/interchange/spinnaker/texts';
import { triggersOf } from '@/server/interchange/spinnaker/triggers';

export interface Imported {
  readonly definition: PipelineDefinition;
  readonly report: readonly ReportEntry[];
  /** refId of each stage → refId of the one it came from, as the report has it. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Parts that a check found to be wrong here although they were translated: refId or id → why. */
export interface Refused {
  readonly stages: ReadonlyMap<string, string>;
  readonly triggers: ReadonlyMap<string, string>;
}

const NOTHING_REFUSED: Refused = { stages: new Map(), triggers: new Map() };
const KEPT_BY = 'Signalbox keeps this itself';
const OF_THEIR_ENGINE = [
  'executionEngine',
  'parallel',
  'appConfig',
  'stageCounter',
  'index',
  'spelEvaluator',
  'schema',
  'isNew',
];

/**
 * A pipeline as Spinnaker keeps it → one of ours, with a report of every part of it. What has no equivalent
 * becomes a gate at which a person is asked, so that nothing is passed over in silence.
 * @throws Unmappable when there is no pipeline in it.
 */
export function importSpinnaker(
  document: Readonly<Record<string, unknown>>,
  here: ImportTarget,
  refused: Refused = NOTHING_REFUSED,
): Imported {
  const top = new Source(document, []);
  const target = { ...here, theirApplication: top.text('application') };
  const theirs = top.list('stages').map((json) => new Source(json, []));
  if (top.has('template') || (top.has('schema') && !top.has('stages')))
    throw new Unmappable('It is made from a template. Export the rendered pipeline instead.');
  if (theirs.length === 0) throw new Unmappable('It has no stages.');
  const ids = idsOf(theirs);
  const parameters = parametersOf(top);
  const texts = textsOf(theirs, ids, parameters);
  const taken = new Set(ids);
  const stage = finder(theirs, ids);
  const known = new Set(theirs.map((one, index) => one.text('refId') ?? ids[index] ?? ''));
  const converted = theirs.map(({ json }, index) => {
    const refId = ids[index] ?? '';
    const given = { target, texts, stage, known, taken, refused: refused.stages.get(refId) };
    return convertStage(json, refId, given);
  });
  const triggers = triggersOf(top, {
    target,
    texts,
    parameters: parameters.names,
    refused: refused.triggers,
  });
  const notifications = notificationsOf(top, target);
  const concurrency = concurrencyOf(top);
  const name = slugOf(top.text('name') ?? 'imported');
  const description = top.text('description') ?? '';
  const disabled = top.flag('disabled') ?? false;
  const stages = connected(converted, theirs, ids);
  const artifacts = artifactsOf(top);
  readTop(top, name, target, triggers.definitions.length);
  const origins = converted.flatMap(({ entry, ends, gate }) =>
    [...ends, ...(gate ? [gate] : [])].map(({ refId }) => [refId, entry.ref] as const),
  );
  return {
    origins: new Map(origins),
    definition: pipelineDefinitionSchema.parse({
      name,
      description: clip(description, 2_000),
      parameters: parameters.definitions,
      stages,
      ...(triggers.definitions.length > 0 ? { triggers: triggers.definitions.slice(0, 50) } : {}),
      ...(concurrency ? { concurrency } : {}),
      ...(notifications.rules.length > 0 ? { notifications: notifications.rules } : {}),
      ...(disabled ? { disabled } : {}),
    }),
    report: [
      pipelineEntry(top, name),
      ...parameters.entries,
      ...triggers.entries,
      ...artifacts,
      ...notifications.entries,
      ...converted.map(({ entry }) => entry),
    ],
  };
}

function idsOf(stages: readonly Source[]): string[] {
  const taken = new Set<string>();
  return stages.map((stage, index) => {
    const id = uniqueAmong(taken, refIdOf(stage.text('refId') ?? String(index + 1)));
    taken.add(id);
    return id;
  });
}

/** By refId there, else by the first stage of the name. */
function finder(
  stages: readonly Source[],
  ids: readonly string[],
): (nameOrRefId: string) => string | undefined {
  return (wanted) => {
    const byName = stages.findIndex((stage) => stage.text('name') === wanted);
    const index = byName >= 0 ? byName : stages.findIndex((stage) => stage.text('refId') === wanted);
    return ids[index];
  };
}

function textsOf(stages: readonly Source[], ids: readonly string[], { names }: Parameters): Texts {
  const variables = new Map<string, string>();
  for (const [index, stage] of stages.entries()) {
    if (stage.text('type') !== 'evaluateVariables') continue;
    for (const variable of stage.children('variables'))
      variables.set(variable.text('key') ?? '', ids[index] ?? '');
  }
  return new Texts({
    stage: finder(stages, ids),
    parameter: (name) => names.get(name),
    variable: (name) => variables.get(name),
  });
}

/** Puts the stages behind each other as they were there. */
function connected(
  converted: readonly ConvertedStage[],
  theirs: readonly Source[],
  ids: readonly string[],
): StageDefinition[] {
  const endsOf = new Map(
    converted.map((one, index) => [theirs[index]?.text('refId') ?? ids[index] ?? '', one.ends]),
  );
  const sequential =
    converted.length > 1 && theirs.every((stage) => !Object.hasOwn(stage.json, 'requisiteStageRefIds'));
  return converted.flatMap(({ requires, ends, gate }, index) => {
    const before = sequential
      ? converted.slice(Math.max(0, index - 1), index).flatMap((one) => one.ends)
      : [];
    const named = requires.flatMap((refId) => endsOf.get(refId) ?? []);
    const upstream = [...new Set([...before, ...named].map((stage) => stage.refId))];
    if (!gate) return ends.map((stage) => ({ ...stage, requires: upstream }));
    return [{ ...gate, requires: upstream }, ...ends.map((stage) => ({ ...stage, requires: [gate.refId] }))];
  });
}

function concurrencyOf(top: Source): PipelineDefinition['concurrency'] {
  const one = top.flag('limitConcurrent') ?? false;
  const most = top.number('maxConcurrentExecutions') ?? 0;
  const waiting = (top.flag('keepWaitingPipelines') ?? false) ? 'fifo' : 'newest';
  if (one) return { limit: 1, waiting };
  return most > 0 ? { limit: Math.min(most, 100), waiting } : undefined;
}

/** Artifacts that it expects: here one is named at the start. */
function artifactsOf(top: Source): ReportEntry[] {
  return top.list('expectedArtifacts').map((json, index) => {
    const text =
      'A pipeline delivers one artifact, which is named at its start: by a person, a trigger or a stage that finds it.';
    const notes: Note[] = [{ level: 'lost', path: '', text }];
    const source = new Source(json, notes);
    const name = source.text('displayName') ?? source.text('id') ?? String(index + 1);
    source.text('id');
    source.finish('is not used');
    return {
      part: 'artifact',
      ref: String(index + 1),
      name,
      type: 'expectedArtifact',
      outcome: 'no equivalent',
      notes,
    };
  });
}

function readTop(top: Source, name: string, { application }: ImportTarget, triggers: number): void {
  const theirs = top.text('name');
  if (theirs !== name) top.note('info', 'name', `is now ${name}`);
  const of = top.text('application');
  if (of !== undefined && of !== application)
    top.note('info', 'application', `comes to ${application} from ${of}`);
  if ((top.text('description')?.length ?? 0) > 2_000)
    top.note('changed', 'description', 'is cut to 2000 characters');
  if (triggers > 50) top.note('lost', 'triggers', 'Only the first 50 are taken over.');
  top.needless(KEPT_BY, 'id', 'lastModifiedBy', 'updateTs', 'lastModified', 'source', 'type');
  top.needless('says nothing to another engine', ...OF_THEIR_ENGINE);
  top.lose('Who may start it is up to roles.', 'roles');
  top.lose('There are no quiet periods; give stages a window.', 'respectQuietPeriod');
  top.lose('Pipelines have no tags.', 'tags');
  top.lose('The form has no warning.', 'manualStartAlert');
  top.lose('Who may change it is up to roles.', 'locked');
  top.lose('A pipeline cannot be a strategy here.', 'strategy');
}

function pipelineEntry(top: Source, name: string): ReportEntry {
  top.finish();
  const { notes } = top;
  const outcome = outcomeOf(notes);
  return { part: 'pipeline', ref: name, name: top.text('name') ?? name, type: 'pipeline', outcome, notes };
}
