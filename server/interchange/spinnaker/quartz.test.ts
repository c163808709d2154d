import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import { crontabOf } from '@/server/interchange/spinnaker/quartz';
import { Unmappable } from '@/server/interchange/spinnaker/report';

describe('a schedule of Quartz', () => {
  it.each([
    ['0 0/12 * * * ?', '*/12 * * * *'],
    ['0 5/10 * * * ?', '5-59/10 * * * *'],
    ['0 30 9 ? * MON-FRI', '30 9 * * 1-5'],
    ['0 30 9 ? * 2-6 *', '30 9 * * 1-5'],
    ['0 0 12 1 * ?', '0 12 1 * *'],
    ['0 0 0 ? * SUN,WED', '0 0 * * 0,3'],
    ['0 15 10 ? 1-3 7', '15 10 * 1-3 6'],
  ])('%s is %s', (quartz, crontab) => {
    expect(crontabOf(quartz)).toBe(crontab);
    expect(new Cron(crontab, { paused: true }).nextRun()).not.toBeNull();
  });

  it.each([
    '30 0 0 * * ?',
    '0 0 0 L * ?',
    '0 0 0 15W * ?',
    '0 0 0 ? * 6L',
    '0 0 0 ? * 6#3',
    '0 0 0 1 1 ? 2030',
    '* * *',
  ])('%s cannot be said in a crontab', (quartz) => {
    expect(() => crontabOf(quartz)).toThrow(Unmappable);
  });
});
