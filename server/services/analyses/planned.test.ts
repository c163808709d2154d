import { expect, it } from 'vitest';
import { analysisOptionsSchema } from '@/server/domain/analysis';
import { plannedLooks } from '@/server/services/analyses/planned';

const NOW = { startTime: null, endTime: null };
const options = (intervalSeconds: number, lifetimeSeconds: number) =>
  analysisOptionsSchema.parse({ config: 'x', intervalSeconds, lifetimeSeconds });

it('plans a look at the end of each whole interval, and one at least', () => {
  expect(plannedLooks(options(300, 1_800), NOW)).toBe(6);
  expect(plannedLooks(options(300, 1_799), NOW)).toBe(5);
  expect(plannedLooks(options(300, 100), NOW)).toBe(1);
});

it('counts the window of a look into the past, whatever the lifetime says', () => {
  const past = { startTime: '2026-01-01T00:00:00Z', endTime: '2026-01-01T01:00:00+00:00' };
  expect(plannedLooks(options(600, 1_800), past)).toBe(6);
  expect(plannedLooks(options(600, 1_800), { startTime: '${begin}', endTime: '${end}' })).toBe(3);
});
