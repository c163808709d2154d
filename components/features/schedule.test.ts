import { describe, expect, it } from 'vitest';
import {
  actOf,
  firstEffect,
  isTimeZone,
  localOf,
  momentOf,
  type ScheduledAct,
  setOf,
} from '@/components/features/schedule.view';
import { toggleDefinitionSchema } from '@/server/domain/toggles';

describe('a time in a time zone', () => {
  it('is the moment at which clocks there show it', () => {
    expect(momentOf('2026-11-24T09:00', 'Asia/Seoul')).toBe('2026-11-24T00:00:00.000Z');
    expect(momentOf('2026-07-01T09:00', 'Europe/Berlin')).toBe('2026-07-01T07:00:00.000Z');
  });
  it('goes over a change of clocks', () => {
    // Clocks in Berlin go back at 03:00 on that day.
    expect(momentOf('2026-10-25T01:30', 'Europe/Berlin')).toBe('2026-10-24T23:30:00.000Z');
    expect(momentOf('2026-10-25T04:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00.000Z');
  });
  it('is shown as it was typed', () => {
    const at = momentOf('2026-03-29T12:15', 'America/New_York') ?? '';
    expect(localOf(at, 'America/New_York')).toBe('2026-03-29T12:15');
  });
  it('is none while it is half typed, or the zone unknown', () => {
    expect(momentOf('', 'Asia/Seoul')).toBeNull();
    expect(momentOf('2026-11-24T09:00', 'Atlantis')).toBeNull();
    expect(localOf('2026-11-24T09:00:00Z', 'Atlantis')).toBe('');
  });
});

describe('a scheduled change', () => {
  it.each<ScheduledAct>([
    { kind: 'on' },
    { kind: 'off' },
    { kind: 'everyone', variant: 'on' },
    { kind: 'percent', variant: 'on', rest: 'off', percent: 25 },
  ])('means after saving what it meant before: $kind', (act) => {
    expect(actOf(setOf(act) ?? {})).toEqual(act);
  });
  it('that was written as JSON and says more is left alone', () => {
    expect(actOf({ targeting: { if: [{ var: 'vip' }, 'on', 'off'] } })).toEqual({ kind: 'other' });
    expect(setOf({ kind: 'other' })).toBeNull();
  });
});

it('a time zone is one that clocks go by', () => {
  expect(['Asia/Seoul', 'UTC', 'Atlantis', ''].map(isTimeZone)).toEqual([true, true, false, false]);
});

describe('a change of a definition is felt', () => {
  const definition = toggleDefinitionSchema.parse({ on: false, defaultVariant: 'on' });
  const one = { at: '2030-01-02T09:00:00.000Z', timeZone: 'Asia/Seoul', set: { on: true } };
  it('only from the first scheduled moment, when nothing else differs', () => {
    expect(firstEffect(definition, { ...definition, schedule: [one] })).toEqual(one);
    expect(firstEffect({ ...definition, schedule: [one] }, definition)).toEqual(one);
  });
  it('at once, when anything else differs', () => {
    expect(firstEffect(definition, { ...definition, on: true, schedule: [one] })).toBeNull();
    expect(firstEffect(null, { ...definition, schedule: [one] })).toBeNull();
  });
});
