import { expect, it, vi } from 'vitest';
import { etagOf, fileEtagOf, isNoneMatch } from '@/server/toggles/etag';
import { compile } from '@/server/toggles/evaluate';
import { SPLITS } from '@/server/toggles/testing/flags';

const set = compile(SPLITS);
const context = { targetingKey: 'u', plan: 'pro', company: { size: 5, name: 'x' } };

it('is the same for the same flags and the same context, in whatever order they are written', () => {
  const flags = Object.fromEntries(Object.entries(SPLITS.flags).toReversed());
  const other = { company: { name: 'x', size: 5 }, plan: 'pro', targetingKey: 'u' };
  expect(etagOf(compile({ flags }), other)).toBe(etagOf(set, context));
  expect(fileEtagOf(compile({ flags }))).toBe(fileEtagOf(set));
  // Written down: another value here makes every client in the world ask again.
  expect(etagOf(set, context)).toBe('"Hpax50oOI5GqddYf0coGMOS3-QL"');
});

it.each([
  ['another key', { ...context, targetingKey: 'v' }],
  ['another attribute', { ...context, plan: 'free' }],
  ['one more attribute', { ...context, more: null }],
  ['one within', { ...context, company: { size: 6, name: 'x' } }],
  ['another type', { ...context, company: { size: '5', name: 'x' } }],
  ['nothing', {}],
])('is another one for %s', (_, other) => {
  expect(etagOf(set, other)).not.toBe(etagOf(set, context));
});

it('is another one when a flag, a segment that it uses or the metadata changes', () => {
  const base = { if: [{ $ref: 's' }, 'on'] };
  const flag = { state: 'ENABLED', variants: { on: true }, targeting: base };
  const files = [
    { $evaluators: { s: { '!': [1] } }, flags: { flag } },
    { $evaluators: { s: { '!': [0] } }, flags: { flag } },
    { $evaluators: { s: { '!': [1] } }, flags: { flag: { ...flag, defaultVariant: 'on' } } },
    { $evaluators: { s: { '!': [1] } }, flags: { flag, other: flag } },
    { $evaluators: { s: { '!': [1] } }, metadata: { version: '2' }, flags: { flag } },
    { $evaluators: { s: { '!': [1] } }, flags: { renamed: flag } },
  ];
  const sets = files.map((file) => compile(file));
  expect(new Set(sets.map((one) => etagOf(one, context))).size).toBe(files.length);
  expect(new Set(sets.map(fileEtagOf)).size).toBe(files.length);
});

it('changes with time where an answer does, and only then', () => {
  const targeting = { if: [{ '>': [{ var: '$flagd.timestamp' }, 1_000] }, 'on', 'off'] };
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, targeting };
  const timed = compile({ flags: { flag } });
  vi.useFakeTimers();
  try {
    const at = (seconds: number) => {
      vi.setSystemTime(seconds * 1_000);
      return etagOf(timed, {});
    };
    expect(at(1_000)).toBe(at(500));
    expect(at(1_001)).not.toBe(at(1_000));
  } finally {
    vi.useRealTimers();
  }
});

it('is found in a header of one or several', () => {
  const etag = etagOf(set, context);
  for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
    expect(isNoneMatch(header, etag)).toBe(true);
  for (const header of [null, undefined, '', '"other"', etag.slice(1, -1)]) {
    expect(isNoneMatch(header, etag)).toBe(false);
  }
});
