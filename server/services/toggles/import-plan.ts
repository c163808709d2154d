import { isDeepStrictEqual } from 'node:util';
import { type Message, message } from '@/server/domain/message';
import {
  type FlagIssue,
  isObjectName,
  OBJECT_NAME,
  type Segment,
  type Toggle,
  valueTypeOf,
} from '@/server/domain/toggles';
import type { FlagImport } from '@/server/domain/views/toggles';
import {
  type PlannedSegments,
  planSegments,
  type SegmentChoice,
} from '@/server/services/toggles/import-segments';
import type { ToggleWorld } from '@/server/toggle-state/load';
import { settled } from '@/server/toggle-state/settle';
import { importFlags } from '@/server/toggles/flagd-file';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { toggleIssues } from '@/server/toggles/validate/validate-toggle';

export interface PlannedFlag {
  readonly key: string;
  readonly outcome: FlagImport['flags'][number]['outcome'];
  readonly notes: readonly Message[];
}

export interface ImportPlan {
  readonly flags: readonly PlannedFlag[];
  /** The toggles that are new or change, as they will be. */
  readonly changed: readonly Toggle[];
  readonly planned: PlannedSegments;
  readonly notes: readonly Message[];
  /** All that there will be. */
  readonly toggles: ReadonlyMap<string, Toggle>;
}

interface Place {
  readonly environment: string;
  readonly world: ToggleWorld;
  /** Keys of archived toggles. */
  readonly archived: readonly string[];
  /** Whether the file's segments take the place of ours. */
  readonly segments: SegmentChoice | undefined;
  readonly now: Date;
}

const FLAG_FIELDS = ['key', 'state', 'variants', 'defaultVariant', 'targeting', 'metadata'];
const FILE_FIELDS = ['$schema', '$evaluators', 'flags'];

/**
 * What becomes of a flagd file. What a toggle has that flagd has no words for stays; targeting is kept as it is written.
 * @throws AppError unprocessable when the file is wrong as a whole.
 */
export function planImport(content: unknown, place: Place): ImportPlan {
  const imported = importFlags(content, place.environment);
  const { environment, world } = place;
  const flags = imported.toggles.map(({ key }) => key);
  const planned = planSegments(imported.segments, { environment, world, flags, choice: place.segments });
  const toggles = new Map(world.toggles);
  const found = imported.toggles.map((one) => {
    const plan = planFlag(one, toggles, planned.segments, place);
    const { toggle } = plan;
    if (toggle) toggles.set(one.key, toggle);
    return toggle ? { ...plan, notes: [...plan.notes, ...fieldNotes(content, one.key)] } : plan;
  });
  const wrong = imported.refused.map(({ key, issues }) => ({
    key,
    outcome: 'refused' as const,
    notes: wrongNotes(issues),
  }));
  const omitted = fieldsOf(content).filter((field) => !FILE_FIELDS.includes(field));
  return {
    flags: [...found.map(({ key, outcome, notes }) => ({ key, outcome, notes })), ...wrong].toSorted(
      (one, other) => (one.key < other.key ? -1 : 1),
    ),
    changed: found.flatMap(({ outcome, toggle }) => (toggle && outcome !== 'unchanged' ? [toggle] : [])),
    toggles,
    planned,
    notes: [
      ...(omitted.length > 0 ? [message('toggle.import.omitted', { fields: omitted.join(', ') })] : []),
      ...planned.notes,
    ],
  };
}

interface FlagPlan extends PlannedFlag {
  /** As it will be, or stays; null when it is refused. */
  readonly toggle: Toggle | null;
}

function planFlag(
  imported: Toggle,
  toggles: ReadonlyMap<string, Toggle>,
  segments: readonly Segment[],
  { environment, world, archived, now }: Place,
): FlagPlan {
  const { key } = imported;
  const definition = imported.environments[environment];
  const refused = (...notes: Message[]): FlagPlan => ({ key, outcome: 'refused', notes, toggle: null });
  if (archived.includes(key) || !definition) return refused(message('toggle.import.archived'));
  const byHand = fromTargeting(definition.targeting) ? [] : [message('toggle.import.byHand')];
  const known = toggles.get(key);
  const names = nameIssues(imported, known);
  if (names.length > 0) return refused(...wrongNotes(names));
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
  const typed = otherType(known, toggle, now);
  if (typed) return refused(typed);
  const issues = toggleIssues(toggle, { toggles: [...toggles.values()], segments });
  if (issues.length > 0) return refused(...wrongNotes(issues));
  return { key, outcome: 'changed', notes: byHand, toggle };
}

function wrongNotes(issues: readonly FlagIssue[]): Message[] {
  return issues.map(({ path, message: problem }) => message('toggle.import.wrong', { path, problem }));
}

/** New names that objects have of their own. */
function nameIssues({ key, variants }: Toggle, known: Toggle | undefined): FlagIssue[] {
  const fresh = Object.keys(variants).filter((name) => !Object.hasOwn(known?.variants ?? {}, name));
  return [
    ...(!known && isObjectName(key) ? [{ path: 'key', message: OBJECT_NAME }] : []),
    ...fresh.filter(isObjectName).map((name) => ({ path: `variants.${name}`, message: OBJECT_NAME })),
  ];
}

/** Code that asks for one type gets its own default in place of an answer of another. */
function otherType(before: Toggle, after: Toggle, now: Date): Message | null {
  const from = valueTypeOf(before.variants);
  const to = valueTypeOf(after.variants);
  const on = Object.entries(before.environments).find(
    ([, definition]) => settled(before, definition, now).on,
  );
  if (from === to || !on) return null;
  return message('toggle.import.typed', { environment: on[0], from: String(from), to: String(to) });
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
