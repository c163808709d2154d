import { isSame } from '@/components/features/draft.view';
import { newSplit, percentOf, restOf, withPercent } from '@/components/features/split.view';
import type { ScheduledChange, Targeting, ToggleDefinition } from '@/server/domain/toggles';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { toTargeting } from '@/server/toggles/rules/to-targeting';

export type ScheduledAct =
  | { readonly kind: 'on' | 'off' }
  | { readonly kind: 'everyone'; readonly variant: string }
  | { readonly kind: 'percent'; readonly variant: string; readonly rest: string; readonly percent: number }
  /** Written as JSON, and more than these words can say. */
  | { readonly kind: 'other' };

type ScheduledSet = ScheduledChange['set'];

/** A scheduled change as a person means it. */
export function actOf({ on, defaultVariant, targeting }: ScheduledSet): ScheduledAct {
  if (defaultVariant === undefined && targeting === undefined && on !== undefined) {
    return { kind: on ? 'on' : 'off' };
  }
  if (on === false || targeting === undefined) return { kind: 'other' };
  if (targeting === null) {
    return typeof defaultVariant === 'string'
      ? { kind: 'everyone', variant: defaultVariant }
      : { kind: 'other' };
  }
  return percentAct(targeting) ?? { kind: 'other' };
}

function percentAct(targeting: Targeting): ScheduledAct | null {
  const rules = fromTargeting(targeting);
  if (!rules || rules.rules.length > 0 || rules.otherwise?.kind !== 'split') return null;
  const split = rules.otherwise;
  const [variant, last, ...more] = split.buckets.map((bucket) => bucket.variant);
  if (split.by !== null || variant === undefined || last === undefined || more.length > 0) return null;
  return { kind: 'percent', variant, rest: last, percent: percentOf(split, variant) };
}

/** What a person means, as a scheduled change; null for what they cannot say in words. */
export function setOf(act: ScheduledAct): ScheduledSet | null {
  switch (act.kind) {
    case 'on':
    case 'off':
      return { on: act.kind === 'on' };
    case 'everyone':
      return { on: true, defaultVariant: act.variant, targeting: null };
    case 'percent': {
      const start = newSplit([act.variant, act.rest], act.rest);
      const otherwise = withPercent(start, act.variant, act.percent, restOf(start, act.rest));
      return { on: true, targeting: toTargeting({ rules: [], otherwise }) };
    }
    case 'other':
      return null;
    default: {
      const unreachable: never = act;
      return unreachable;
    }
  }
}

/** Whether clocks anywhere go by it. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** The moment from which a change of a definition is felt, when only its schedule differs; null for at once. */
export function firstEffect(
  before: ToggleDefinition | null,
  after: ToggleDefinition,
): ScheduledChange | null {
  if (!before || !isSame({ ...before, schedule: [] }, { ...after, schedule: [] })) return null;
  const isIn = (list: readonly ScheduledChange[], one: ScheduledChange) =>
    list.some((other) => isSame(other, one));
  const differing = [
    ...after.schedule.filter((one) => !isIn(before.schedule, one)),
    ...before.schedule.filter((one) => !isIn(after.schedule, one)),
  ];
  return differing.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
}

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;

/** The moment at which clocks in a time zone show `2026-11-24T09:00`; null for what is no such time. */
export function momentOf(local: string, timeZone: string): string | null {
  const parts = LOCAL.exec(local)?.slice(1).map(Number);
  if (!parts) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = parts;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  try {
    // Twice: the offset of the first guess may be that of the other side of a clock change.
    const guess = asUtc - offsetOf(asUtc, timeZone);
    return new Date(asUtc - offsetOf(guess, timeZone)).toISOString();
  } catch {
    return null;
  }
}

/** What clocks in a time zone show at a moment, as `2026-11-24T09:00`. */
export function localOf(at: string, timeZone: string): string {
  try {
    const then = Date.parse(at);
    return new Date(then + offsetOf(then, timeZone)).toISOString().slice(0, 16);
  } catch {
    return '';
  }
}

/** How far a zone is ahead of UTC, in milliseconds. */
function offsetOf(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1_000) * 1_000;
}
