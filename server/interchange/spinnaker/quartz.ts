import { Unmappable } from '@/server/interchange/spinnaker/report';

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const SPECIAL = /[LW#]/;

/**
 * A schedule of Quartz (seconds first, days of the week from 1 = Sunday, an optional year at the end) as a
 * crontab.
 * @throws Unmappable for what a crontab cannot say.
 */
export function crontabOf(quartz: string): string {
  const fields = quartz.trim().split(/\s+/);
  if (fields.length !== 6 && fields.length !== 7)
    throw new Unmappable(`"${quartz}" has ${fields.length} fields; a schedule of Quartz has six or seven.`);
  const [second = '0', minute = '*', hour = '*', day = '*', month = '*', weekday = '*', year = '*'] = fields;
  if (second !== '0')
    throw new Unmappable(`"${quartz}" fires at second ${second}; here schedules fire at full minutes.`);
  if (year !== '*') throw new Unmappable(`"${quartz}" is for the year ${year} alone.`);
  if (
    SPECIAL.test(day) ||
    (weekday !== '?' && /[L#]/.test(weekday.toUpperCase().replaceAll(/[A-Z]{3}/g, '')))
  )
    throw new Unmappable(`"${quartz}" counts from the end of a month or by weeks within it.`);
  return [minute, hour, day === '?' ? '*' : day, month, weekdays(weekday)].map(everyFrom).join(' ');
}

/** `0/12` is `from 0, every 12`; crontabs write a range before the slash. */
function everyFrom(field: string, index: number): string {
  const last = [59, 23, 31, 12, 7][index];
  return field.replace(/^(\d+)\/(\d+)$/, (_all, from: string, step: string) =>
    Number(from) === [0, 0, 1, 1, 0][index] ? `*/${step}` : `${from}-${last}/${step}`,
  );
}

function weekdays(field: string): string {
  if (field === '?' || field === '*') return '*';
  const [days = '', step] = field.toUpperCase().split('/');
  const ours = days.replaceAll(/[A-Z]{3}|\d+/g, (word) => {
    const index = /^\d/.test(word) ? Number(word) - 1 : DAYS.indexOf(word);
    if (index < 0 || index > 6) throw new Unmappable(`"${word}" is not a day of the week.`);
    return String(index);
  });
  return step === undefined ? ours : `${ours}/${step}`;
}
