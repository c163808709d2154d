import { expect, it } from 'vitest';
import { toggleDefinitionSchema } from '@/server/domain/toggles';
import { keepsOff, saysStop } from '@/server/toggle-state/stopped';

const off = toggleDefinitionSchema.parse({ on: false, defaultVariant: 'on' });
const on = { ...off, on: true };
const planned = {
  ...off,
  schedule: [{ at: '2030-01-01T00:00:00Z', timeZone: 'UTC', set: { on: true } }],
};

it.each([
  ['switching off', on, off, true],
  ['the kill switch where it was off', off, off, true],
  ['the kill switch where it was off and planned to be on', planned, off, true],
  ['taking it away while it is on', on, null, true],
  ['switching on', off, on, false],
  ['other rules while it is on', on, { ...on, defaultVariant: 'off' }, null],
  ['other rules while it is off', off, { ...off, defaultVariant: 'off' }, null],
  ['a plan', off, planned, null],
] as const)('%s', (_name, before, after, says) => {
  expect(saysStop(before, after)).toBe(says);
});

it('a switch that is thrown keeps nothing off', () => {
  expect(keepsOff(on, off)).toBe(false);
});
