import { isDeepStrictEqual } from 'node:util';
import { type Message, message } from '@/server/domain/message';
import { type Segment, segmentKeySchema, type Toggle } from '@/server/domain/toggles';
import type { FlagImport } from '@/server/domain/views/toggles';
import type { ToggleWorld } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';
import { importFlags } from '@/server/toggles/flagd-file';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { refusal } from '@/server/toggles/validate';
import { toggleIssues } from '@/server/toggles/validate/validate-toggle';

export interface PlannedFlag {
  readonly key: string;
  readonly outcome: FlagImport['flags'][number]['outcome'];
  readonly notes: readonly Message[];
  /** As it will be, or stays. */
  readonly toggle: Toggle;
}

export interface ImportPlan {
  readonly flags: readonly PlannedFlag[];
  readonly segmentOutcomes: FlagImport['segments'];
  readonly notes: readonly Message[];
  /** All that there will be. */
  readonly toggles: ReadonlyMap<string, Toggle>;
  readonly segments: readonly Segment[];
}

interface Place {
  readonly environment: string;
  readonly world: ToggleWorld;
  /** Keys of archived toggles. */
  readonly archived: readonly string[];
  readonly now: Date;
}

const FLAG_FIELDS = ['key', 'state', 'variants', 'defaultVariant', 'targeting', 'metadata'];
const FILE_FIELDS = ['$schema', '$evaluators', 'flags'];

/**
 * What becomes of a flagd file. What a toggle has that flagd has no words for stays; targeting is kept as it is written.
 * @throws AppError unprocessable when the file is wrong in itself.
 */
export function planImport(content: unknown, place: Place): ImportPlan {
  const imported = importFlags(content, place.environment);
  const segments = mergedSegments(place.world.segments, imported.segments);
  const toggles = new Map(place.world.toggles);
  const flags = imported.toggles.map((one): PlannedFlag => {
    const planned = planFlag(one, toggles, segments, place);
    if (planned.outcome !== 'refused') toggles.set(one.key, planned.toggle);
    const notes =
      planned.outcome === 'refused' ? planned.notes : [...planned.notes, ...fieldNotes(content, one.key)];
    return { ...planned, notes };
  });
  const omitted = fieldsOf(content).filter((field) => !FILE_FIELDS.includes(field));
  return {
    flags,
    toggles,
    segments,
    segmentOutcomes: imported.segments.map(({ key, condition }) => {
      const known = place.world.segments.find((one) => one.key === key);
      if (!known) return { key, outcome: 'created' };
      return { key, outcome: isDeepStrictEqual(known.condition, condition) ? 'unchanged' : 'changed' };
    }),
    notes: omitted.length > 0 ? [message('toggle.import.omitted', { fields: omitted.join(', ') })] : [],
  };
}

function planFlag(
  imported: Toggle,
  toggles: ReadonlyMap<string, Toggle>,
  segments: readonly Segment[],
  { environment, world, archived, now }: Place,
): PlannedFlag {
  const { key } = imported;
  const definition = imported.environments[environment];
  const refused = (note: Message): PlannedFlag => ({
    key,
    outcome: 'refused',
    notes: [note],
    toggle: imported,
  });
  if (archived.includes(key) || !definition) return refused(message('toggle.import.archived'));
  const byHand = fromTargeting(definition.targeting) ? [] : [message('toggle.import.byHand')];
  const known = toggles.get(key);
  if (!known) return { key, outcome: 'created', notes: byHand, toggle: imported };
  const kept = known.environments[environment];
  const { on, defaultVariant, targeting } = definition;
  const next = kept ? { ...settled(known, kept, now), on, defaultVariant, targeting } : definition;
  const toggle = {
    ...known,
    variants: imported.variants,
    metadata: imported.metadata,
    environments: { ...known.environments, [environment]: next },
  };
  if (isDeepStrictEqual(toggle, known)) return { key, outcome: 'unchanged', notes: byHand, toggle: known };
  const review = reviewedVariant(known, toggle, world);
  if (review) return refused(message('toggle.import.reviewed', review));
  const [issue] = toggleIssues(toggle, { toggles: [...toggles.values()], segments });
  if (issue) return refused(message('toggle.import.wrong', { path: issue.path, problem: issue.message }));
  return { key, outcome: 'changed', notes: byHand, toggle };
}

/** A variant that would have another value where changes demand review. */
function reviewedVariant(
  before: Toggle,
  after: Toggle,
  { environments }: ToggleWorld,
): { variant: string; environment: string } | null {
  const place = environments.find(({ name, requiresReview }) => requiresReview && before.environments[name]);
  const variant = Object.keys(before.variants).find(
    (name) => !isDeepStrictEqual(before.variants[name], after.variants[name]),
  );
  return place && variant !== undefined ? { variant, environment: place.name } : null;
}

/** Those of the file in place of ours; their names for people stay. */
function mergedSegments(ours: readonly Segment[], theirs: readonly Segment[]): Segment[] {
  for (const { key } of theirs) {
    const check = segmentKeySchema.safeParse(key);
    const [problem] = check.error?.issues ?? [];
    if (problem) throw refusal([{ path: `$evaluators.${key}`, message: problem.message }]);
  }
  const known = new Map(ours.map((one) => [one.key, one]));
  const merged = theirs.map((one) => {
    const own = known.get(one.key);
    return own ? { ...own, condition: one.condition } : one;
  });
  return [...ours.filter(({ key }) => !theirs.some((one) => one.key === key)), ...merged];
}

function fieldNotes(content: unknown, key: string): Message[] {
  const flags = typeof content === 'object' && content !== null && 'flags' in content ? content.flags : null;
  const listed: readonly unknown[] = Array.isArray(flags) ? flags : [];
  const flag =
    listed.find((one) => typeof one === 'object' && one !== null && 'key' in one && one.key === key) ??
    fieldOf(flags, key);
  const fields = fieldsOf(flag).filter((field) => !FLAG_FIELDS.includes(field));
  return fields.length > 0 ? [message('toggle.import.omitted', { fields: fields.join(', ') })] : [];
}

function fieldsOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([one]) => one === key)?.[1]
    : null;
}
