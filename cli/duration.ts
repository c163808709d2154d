import { Failure } from '@/cli/failure';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads `90s`, `30m`, `2h` or `1d` in seconds. @throws Failure (bad usage) for anything else. */
export function readDuration(key: string, text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (digits && (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd') && Number(digits) > 0)
    return Number(digits) * SECONDS[unit];
  throw new Failure(`${key}=${text} is no duration. Write 90s, 30m, 2h or 1d.`, 2);
}
