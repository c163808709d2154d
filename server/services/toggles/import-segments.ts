import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { type Message, message } from '@/server/domain/message';
import { isObjectName, OBJECT_NAME, type Segment, segmentKeySchema } from '@/server/domain/toggles';
import type { FlagImport } from '@/server/domain/views/toggles';
import { segmentUsers } from '@/server/services/toggles/segment-users';
import type { ToggleWorld } from '@/server/toggle-state/load';
import { refusal } from '@/server/toggles/validate';

/** Segments belong to all environments: whether those of a file take the place of ours, or ours stay. */
export const segmentChoiceSchema = z.enum(['replace', 'keep']);
export type SegmentChoice = z.infer<typeof segmentChoiceSchema>;

export interface PlannedSegments {
  /** All that there will be. */
  readonly segments: readonly Segment[];
  readonly outcomes: FlagImport['segments'];
  /** Which of those that change are used elsewhere, in words. */
  readonly notes: readonly Message[];
}

interface Place {
  readonly environment: string;
  readonly world: ToggleWorld;
  /** Keys of the file's flags: what happens to them here is what is asked for. */
  readonly flags: readonly string[];
  readonly choice: SegmentChoice | undefined;
}

/** What becomes of the segments of a file; their names for people stay. */
export function planSegments(theirs: readonly Segment[], place: Place): PlannedSegments {
  const ours = new Map(place.world.segments.map((one) => [one.key, one]));
  requireKeys(theirs, ours);
  const outcomes = theirs.map(({ key, condition }) => {
    const own = ours.get(key);
    if (!own) return { key, outcome: 'created' as const, usedBy: [] };
    if (isDeepStrictEqual(own.condition, condition))
      return { key, outcome: 'unchanged' as const, usedBy: [] };
    return {
      key,
      outcome: place.choice === 'keep' ? ('kept' as const) : ('changed' as const),
      usedBy: usersOf(key, place),
    };
  });
  const merged = theirs.flatMap((one, index) => {
    const own = ours.get(one.key);
    if (!own) return [one];
    return [outcomes[index]?.outcome === 'changed' ? { ...own, condition: one.condition } : own];
  });
  return {
    segments: [
      ...place.world.segments.filter(({ key }) => !theirs.some((one) => one.key === key)),
      ...merged,
    ],
    outcomes,
    notes: outcomes
      .filter(({ outcome, usedBy }) => outcome === 'changed' && usedBy.length > 0)
      .map(({ key, usedBy }) => message('toggle.import.segment', { segment: key, users: wordsOf(usedBy) })),
  };
}

/** @throws AppError `conflict` when a segment would change for others and nobody has said that it shall. */
export function requireChosen({ outcomes }: PlannedSegments, choice: SegmentChoice | undefined): void {
  const elsewhere = outcomes.filter(({ outcome, usedBy }) => outcome === 'changed' && usedBy.length > 0);
  if (choice !== undefined || elsewhere.length === 0) return;
  const what = elsewhere.map(({ key, usedBy }) => `“${key}”, which ${wordsOf(usedBy)} uses`).join('; ');
  throw new AppError(
    'conflict',
    `The file would change segments for others, too: ${what}. Say segments=replace to change them everywhere, or segments=keep to leave them as they are.`,
    { segments: elsewhere },
  );
}

function requireKeys(theirs: readonly Segment[], ours: ReadonlyMap<string, Segment>): void {
  const issues = theirs.flatMap(({ key }) => {
    const [problem] = segmentKeySchema.safeParse(key).error?.issues ?? [];
    const said = problem?.message ?? (isObjectName(key) && !ours.has(key) ? OBJECT_NAME : undefined);
    return said === undefined ? [] : [{ path: `$evaluators.${key}`, message: said }];
  });
  if (issues.length > 0) throw refusal(issues);
}

function usersOf(
  key: string,
  { world, environment, flags }: Place,
): { toggle: string; environment: string }[] {
  return [...segmentUsers(world, key).toggles].flatMap(([toggle, environments]) =>
    environments
      .filter((name) => name !== environment || !flags.includes(toggle))
      .map((name) => ({ toggle, environment: name })),
  );
}

function wordsOf(users: FlagImport['segments'][number]['usedBy']): string {
  return users.map(({ toggle, environment }) => `${toggle} (${environment})`).join(', ');
}
