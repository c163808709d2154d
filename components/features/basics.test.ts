import { expect, it } from 'vitest';
import { basicProblems, dayOf, endOfDay } from '@/components/features/basics.view';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const problems = (expiresAt: string | null, before: string | null = null, name = 'Badge') => [
  ...basicProblems({ name, expiresAt }, before, NOON),
];

it('a day stays the day that was chosen, whatever the time zone of who looks', () => {
  const zone = process.env['TZ'];
  try {
    for (const one of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Seoul']) {
      process.env['TZ'] = one;
      expect(dayOf(endOfDay('2026-12-31'))).toBe('2026-12-31');
    }
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

it('a day that is over cannot be chosen, today can', () => {
  expect(problems(endOfDay('2026-11-20'))).toEqual(['expiresAt']);
  expect(problems(endOfDay('2026-11-21'))).toEqual([]);
  expect(problems(null)).toEqual([]);
});

it('a day that stood already may be over', () => {
  expect(problems(endOfDay('2026-11-20'), endOfDay('2026-11-20'))).toEqual([]);
});

it('there is no feature without a name', () => {
  expect(problems(null, null, '  ')).toEqual(['name']);
});
