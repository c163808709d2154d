'use client';

import { Snowflake } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useExactTime } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { Freeze } from '@/server/domain/toggle-environments';

interface FreezeNotesProps {
  readonly freezes: readonly Freeze[];
  /** Further ones do not matter yet, Unix milliseconds. */
  readonly until?: number;
}

/** That nothing can be switched, or when it cannot be, and why. */
export function FreezeNotes({ freezes, until = Number.POSITIVE_INFINITY }: FreezeNotesProps) {
  const t = useTranslations('features.freeze');
  const exact = useExactTime();
  const now = useNow();
  const shown = freezes.filter((one) => Date.parse(one.until) > now && Date.parse(one.from) < until);
  if (shown.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 text-caution-ink text-sm" suppressHydrationWarning>
      {shown.map((one) => {
        const times = { from: exact(one.from), until: exact(one.until), reason: one.reason };
        return (
          <li key={`${one.from} ${one.until}`} className="flex items-baseline gap-1.5">
            <Snowflake aria-hidden className="size-3.5 shrink-0 self-center" />
            <span>{Date.parse(one.from) <= now ? t('now', times) : t('ahead', times)}</span>
          </li>
        );
      })}
    </ul>
  );
}
