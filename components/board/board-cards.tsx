'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ActivityLink } from '@/components/board/activity-link';
import { type BoardLine, cellHref } from '@/components/board/board.view';
import { CellLine, UnseenLine, useCellSummary } from '@/components/board/cell-summary';
import { WaitingGates } from '@/components/board/waiting-gates';
import type { BoardRow } from '@/server/domain/views/board';

/** First guess; each card is measured once drawn. */
const CARD_PX = 190;

/** The board on a phone: a card per application. */
export function BoardCards({ lines }: { lines: readonly BoardLine[] }) {
  const t = useTranslations('board');
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === 'owner' ? 32 : CARD_PX),
    overscan: 4,
    scrollMargin: top,
  });
  return (
    <div ref={list} className="relative" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const line = lines[item.index];
        if (!line) return null;
        return (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className="absolute inset-x-0 pb-2.5"
            style={{ top: item.start - top }}
          >
            {line.kind === 'owner' ? (
              <p className="pt-2 font-semibold text-muted text-xs">{line.owner || t('noOwner')}</p>
            ) : (
              <ApplicationCard row={line.row} />
            )}
          </div>
        );
      })}
    </div>
  );
}

function ApplicationCard({ row }: { row: BoardRow }) {
  const t = useTranslations('board');
  const summarise = useCellSummary();
  const { application } = row;
  return (
    <article className="overflow-hidden rounded-lg border bg-surface">
      <header className="flex min-w-0 items-center gap-2 border-b px-3 py-2.5">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-base">
          <Link href={`/applications/${encodeURIComponent(application)}`} prefetch={false}>
            {application}
          </Link>
        </h2>
        {row.owner ? <span className="max-w-[45%] truncate text-faint text-xs">{row.owner}</span> : null}
      </header>
      {row.waiting.length > 0 ? <WaitingGates gates={row.waiting} className="border-b px-2 py-2" /> : null}
      <ul>
        {row.cells.map((cell) => {
          const { environment, region } = cell;
          const summary = summarise(cell);
          return (
            <li
              key={`${environment} ${region} ${cell.account}`}
              className="relative flex min-h-11 flex-wrap items-center gap-x-3 gap-y-0.5 border-b px-3 py-1.5 last:border-b-0"
            >
              <span className="w-24 min-w-0 truncate text-xs">
                <span className="font-medium">{environment}</span>{' '}
                <span className="text-muted">· {region}</span>
              </span>
              <Link
                href={cellHref(application, cell)}
                aria-label={t('cellLabel', { application, environment, region, summary })}
                prefetch={false}
                className="min-w-0 flex-1 after:absolute after:inset-0"
              >
                <CellLine cell={cell} />
              </Link>
              <UnseenLine cell={cell} className="ml-27 w-full" />
              {cell.activity ? <ActivityLink activity={cell.activity} className="ml-27 w-full" /> : null}
            </li>
          );
        })}
      </ul>
    </article>
  );
}
