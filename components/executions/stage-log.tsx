'use client';

import { useLocale, useTranslations } from 'use-intl';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { useExactTime } from '@/components/ui/time';
import type { StageLogEntry } from '@/server/domain/execution';

const LOOK = {
  info: { shape: 'dot', tone: 'neutral' },
  warning: { shape: 'triangle', tone: 'caution' },
  error: { shape: 'square', tone: 'danger' },
} as const;

/** What a stage did, in order, each with its time of day. */
export function StageLog({ log, ended }: { log: readonly StageLogEntry[]; ended: boolean }) {
  const t = useTranslations('executions.stage');
  const locale = useLocale();
  const say = useMessage();
  const exact = useExactTime();
  if (log.length === 0) return <p className="text-muted text-sm">{t(ended ? 'logNone' : 'logEmpty')}</p>;
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  return (
    <ol className="flex flex-col gap-1">
      {log.map((entry, index) => (
        <li key={index} className="grid grid-cols-[auto_auto_1fr] items-baseline gap-2 text-sm">
          <time dateTime={entry.at} title={exact(entry.at)} className="font-mono text-2xs text-muted">
            {clock.format(new Date(entry.at))}
          </time>
          <Shape name={LOOK[entry.level].shape} tone={LOOK[entry.level].tone} className="size-2" />
          <span className="min-w-0 break-words">{say(entry.text)}</span>
        </li>
      ))}
    </ol>
  );
}
