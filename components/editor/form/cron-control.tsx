'use client';

import { Cron } from 'croner';
import { useFormatter, useTranslations } from 'use-intl';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { Input } from '@/components/ui/field';
import { useNow } from '@/components/ui/use-now';

/** A crontab expression, and when that is. */
export function CronControl({
  value,
  onChange,
  aria,
  timeZone,
}: ControlProps & { readonly timeZone: unknown }) {
  const t = useTranslations('editor');
  const format = useFormatter();
  const { readOnly } = useForm();
  const text = typeof value === 'string' ? value : '';
  const zone = typeof timeZone === 'string' && timeZone !== '' ? timeZone : 'UTC';
  const runs = nextRuns(text, zone, new Date(useNow()));
  return (
    <>
      <Input
        {...aria}
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        placeholder="0 9 * * 1-5"
        className="font-mono text-xs"
        value={text}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      />
      {runs.length > 0 ? (
        <p className="text-muted text-xs">
          {t('nextRuns', {
            runs: runs
              .map((run) => format.dateTime(run, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }))
              .join(' · '),
            zone,
          })}
        </p>
      ) : null}
    </>
  );
}

/** The next three times; none for what is not a crontab expression. */
function nextRuns(expression: string, timezone: string, after: Date): Date[] {
  if (expression.trim() === '') return [];
  try {
    return new Cron(expression, { timezone, paused: true }).nextRuns(3, after);
  } catch {
    return [];
  }
}
