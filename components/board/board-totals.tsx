'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { totalsOf } from '@/components/board/board.view';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import { TONE_INK } from '@/components/ui/tone';
import type { BoardRow } from '@/server/domain/views/board';

/** The whole board in a glance. What is zero stays grey, so that only news has a colour. */
export function BoardTotals({ rows }: { rows: readonly BoardRow[] }) {
  const t = useTranslations('board');
  const totals = totalsOf(rows);
  const parts = [
    { key: 'totalHealthy', count: totals.healthy, shape: 'dot', tone: 'clear', href: null },
    { key: 'totalIll', count: totals.ill, shape: 'square', tone: 'danger', href: '/?attention=true' },
    ...(totals.unseen > 0
      ? [{ key: 'totalUnseen', count: totals.unseen, shape: 'question', tone: 'danger', href: null } as const]
      : []),
    {
      key: 'totalMoving',
      count: totals.moving,
      shape: 'turning',
      tone: 'moving',
      href: '/activity?open=true',
    },
    { key: 'totalWaiting', count: totals.waiting, shape: 'triangle', tone: 'caution', href: '/waiting' },
  ] as const;
  return (
    <ul
      aria-label={t('totals')}
      className="flex flex-wrap overflow-hidden rounded-lg border bg-surface text-sm"
    >
      {parts.map(({ key, count, shape, tone, href }) => {
        const shown = count === 0 ? 'off' : tone;
        const content = (
          <>
            <Shape
              name={count === 0 && shape === 'turning' ? 'ring' : shape}
              tone={shown}
              className="size-2.5"
            />
            {t(key, { count })}
          </>
        );
        const look = cn('flex h-8 items-center gap-1.5 whitespace-nowrap px-3', TONE_INK[shown]);
        return (
          // Lines at the left and above lie under the list's own edge, wherever it wraps.
          <li key={key} className="-mt-px -ml-px border-t border-l max-sm:grow">
            {href && count > 0 ? (
              <Link
                href={href}
                className={cn(look, 'font-medium hover:underline focus-visible:-outline-offset-2')}
              >
                {content}
              </Link>
            ) : (
              <span className={look}>{content}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
