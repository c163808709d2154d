'use client';

import { useLocale, useTranslations } from 'use-intl';
import { age, durationParts, tickEvery } from '@/components/ui/time.view';
import { useNow } from '@/components/ui/use-now';

/** Date and time to the second in the reader's language and time zone. */
export function useExactTime(): (at: string) => string {
  const locale = useLocale();
  return (at) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

interface RelativeTimeProps {
  readonly at: string;
  /** "3 d" instead of "3 d ago". */
  readonly compact?: boolean;
  readonly className?: string;
}

const AGO = { seconds: 'secondsAgo', minutes: 'minutesAgo', hours: 'hoursAgo', days: 'daysAgo' } as const;
const AHEAD = { seconds: 'inSeconds', minutes: 'inMinutes', hours: 'inHours', days: 'inDays' } as const;

/** How long ago, or in how long; ticks; the exact time on hover. */
export function RelativeTime({ at, compact = false, className }: RelativeTimeProps) {
  const t = useTranslations('common.time');
  const exact = useExactTime();
  const then = Date.parse(at);
  const now = useNow((ms) => tickEvery(ms - then));
  return (
    <time dateTime={at} title={exact(at)} className={className} suppressHydrationWarning>
      {text()}
    </time>
  );

  function text(): string {
    const past = now - then;
    const { unit, count } = age(Math.abs(past));
    if (compact) return t(unit, { count });
    if (past < 0 && past > -2_000) return t('now');
    if (past < 0) return t(AHEAD[unit], { count });
    return unit === 'seconds' && count < 5 ? t('now') : t(AGO[unit], { count });
  }
}

interface DurationProps {
  readonly from: string;
  /** Absent while it still runs: then it ticks. */
  readonly to?: string | null;
  readonly className?: string;
}

/** How long something took, or has taken so far. */
export function Duration({ from, to, className }: DurationProps) {
  const t = useTranslations('common.time');
  const now = useNow();
  const ms = (to ? Date.parse(to) : now) - Date.parse(from);
  const parts = durationParts(ms, Boolean(to));
  return (
    <span className={className} suppressHydrationWarning>
      {t(parts.key, parts.values)}
    </span>
  );
}

/** Time left until a moment; ticks down to zero. */
export function Countdown({ until, className }: { readonly until: string; readonly className?: string }) {
  const t = useTranslations('common.time');
  const exact = useExactTime();
  const parts = durationParts(Date.parse(until) - useNow(), false);
  return (
    <time dateTime={until} title={exact(until)} className={className} suppressHydrationWarning>
      {t(parts.key, parts.values)}
    </time>
  );
}
