import type { StageDefinition } from '@/server/domain/pipeline';
import { type Common, readCommon } from '@/server/interchange/spinnaker/common';
import type { ImportTarget } from '@/server/interchange/spinnaker/context';
import { uniqueAmong } from '@/server/interchange/spinnaker/names';
import { outcomeOf, type ReportEntry, Unmappable } from '@/server/interchange/spinnaker/report';
import { clip, Source, withoutSecrets } from '@/server/interchange/spinnaker/source';
import type { Part } from '@/server/interchange/spinnaker/stages/handler';
import { handlers, hints } from '@/server/interchange/spinnaker/stages/registry';
import { escaped, type Texts } from '@/server/interchange/spinnaker/texts';

export interface StageGiven {
  readonly target: ImportTarget;
  readonly texts: Texts;
  /** refId here of a stage there. */
  readonly stage: (nameOrRefId: string) => string | undefined;
  /** refIds there. */
  readonly known: ReadonlySet<string>;
  /** refIds here that are taken; those that are added for this stage join them. */
  readonly taken: Set<string>;
  /** Why the stage cannot be taken over although it looks as if it could. */
  readonly refused: string | undefined;
}

export interface ConvertedStage {
  readonly entry: ReportEntry;
  /** Not connected yet: what requires this stage requires all of them. */
  readonly ends: readonly StageDefinition[];
  /** Stands before them, when a person has to decide whether they run. */
  readonly gate: StageDefinition | undefined;
  /** refIds there. */
  readonly requires: readonly string[];
}

const MAX_INSTRUCTIONS = 4_000;

/** One stage there: some here, and a report of all that it said. */
export function convertStage(json: Source['json'], refId: string, given: StageGiven): ConvertedStage {
  const type = typeof json.type === 'string' ? json.type : 'unknown';
  const attempt = attempted(json, type, given);
  const { source, common, parts, refused } = attempt;
  for (const missing of common.requires.filter((one) => !given.known.has(one)))
    source.note('changed', 'requisiteStageRefIds', `There is no stage "${missing}" to wait for.`);
  source.finish(refused ? 'is up to the person' : undefined);
  const ends = parts.map((part, index) => stageOf(part, common, refId, index, parts.length, given.taken));
  const gate = common.unclear ? gateOf(common, refId, given.taken) : undefined;
  const outcome = refused ? 'no equivalent' : outcomeOf(source.notes);
  const entry: ReportEntry = {
    part: 'stage',
    ref: refId,
    name: common.name,
    type,
    outcome,
    notes: source.notes,
  };
  return { entry, ends, gate, requires: common.requires };
}

function attempted(json: Source['json'], type: string, given: StageGiven) {
  const begin = () => {
    const source = new Source(json, []);
    // Read already.
    source.text('refId');
    source.text('type');
    return { source, common: readCommon(source, type, given.target, given.texts) };
  };
  const { source, common } = begin();
  try {
    if (given.refused !== undefined) throw new Unmappable(given.refused);
    const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
    if (!handler) {
      const hint = Object.hasOwn(hints, type) ? ` ${hints[type] ?? ''}` : '';
      throw new Unmappable(`A stage of type "${type}" has no equivalent here.${hint}`);
    }
    const { target, texts, stage } = given;
    const parts = handler({ source, target, texts, stage, timeoutSeconds: common.timeoutSeconds });
    return { source, common, parts, refused: false };
  } catch (error) {
    if (!(error instanceof Unmappable)) throw error;
    // What was read on the way counts for nothing: all of it is reported as it stands there.
    const again = begin();
    again.source.note('lost', '', `A person is asked to do it. ${error.message}`);
    if (common.timeoutSeconds !== undefined)
      again.source.note('changed', 'stageTimeoutMs', 'People have three days.');
    return { ...again, parts: [placeholder(json, type, error.message)], refused: true };
  }
}

/** What nobody can do by machine is asked of a person, so that nothing passes in silence. */
function placeholder(json: Source['json'], type: string, why: string): Part {
  const text = `This was a stage of type "${type}" in Spinnaker. ${why} Do by hand what it did, then continue; or stop.\n\n${JSON.stringify(withoutSecrets(json), null, 2)}`;
  return {
    type: 'manualJudgment',
    config: { instructions: clip(escaped(text), MAX_INSTRUCTIONS), inputs: [], roles: [] },
    keepsTime: true,
  };
}

function stageOf(
  part: Part,
  common: Common,
  refId: string,
  index: number,
  count: number,
  taken: Set<string>,
): StageDefinition {
  const own = index === 0 ? refId : uniqueAmong(taken, `${refId}-${index + 1}`);
  taken.add(own);
  const { when, onFailure, window, timeoutSeconds, comments } = common;
  return {
    refId: own,
    type: part.type,
    name: clip(count > 1 && part.name ? `${common.name} (${part.name})` : common.name, 120),
    requires: [],
    config: { ...part.config },
    ...(when ? { when } : {}),
    ...(onFailure ? { onFailure } : {}),
    ...(timeoutSeconds && !part.keepsTime ? { timeoutSeconds } : {}),
    ...(window ? { window } : {}),
    ...(comments ? { comments } : {}),
  };
}

/** There what came after a stage whose condition was not so still ran; stopping here ends the branch, and the note says so. */
function gateOf({ name, unclear }: Common, refId: string, taken: Set<string>): StageDefinition {
  const own = uniqueAmong(taken, `${refId}-condition`);
  taken.add(own);
  const text = `In Spinnaker "${name}" ran only if: ${unclear?.condition ?? ''}\n\n${unclear?.why ?? ''} Continue if it should run; stop if this branch should end here.`;
  return {
    refId: own,
    type: 'manualJudgment',
    name: clip(`Should it run: ${name}?`, 120),
    requires: [],
    config: { instructions: clip(escaped(text), MAX_INSTRUCTIONS), inputs: [], roles: [] },
    onFailure: 'haltBranch',
  };
}
