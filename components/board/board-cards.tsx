'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ActivityLink } from '@/components/board/activity-link';
import { type BoardLine, cellHref } from '@/components/board/board.view';
import { CellLine, UnseenLine, useCellSummary } from '@/components/board/cell-summary';
import { byEnvironment } from '@/components/board/columns.view';
import { WaitingGates } from '@/components/board/waiting-gates';
import type { BoardCell, BoardRow } from '@/server/domain/views/board';

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
  const { application } = row;
  return (
    <article className="overflow-hidden rounded-lg border bg-surface">
      <header className="flex min-w-0 items-center gap-2 border-b px-3 py-2.5">
        <h2 className="wrap-anywhere line-clamp-2 min-w-0 flex-1 font-semibold text-base">
          <Link href={`/applications/${encodeURIComponent(application)}`} prefetch={false}>
            {application}
          </Link>
        </h2>
        {row.owner ? <span className="max-w-[45%] truncate text-faint text-xs">{row.owner}</span> : null}
      </header>
      {row.waiting.length > 0 ? <WaitingGates gates={row.waiting} className="border-b px-2 py-2" /> : null}
      <ul>
        {byEnvironment(row).map(([environment, cells]) => (
          <li key={environment} className="border-b last:border-b-0">
            <p className="wrap-anywhere px-3 pt-2 font-medium text-xs">{environment}</p>
            <ul>
              {cells.map((cell) => (
                <RegionLine key={`${cell.region} ${cell.account}`} application={application} cell={cell} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </article>
  );
}

function RegionLine({ application, cell }: { application: string; cell: BoardCell }) {
  const t = useTranslations('board');
  const summary = useCellSummary()(cell);
  const { environment, region } = cell;
  return (
    <li className="relative flex min-h-11 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5">
      <span className="wrap-anywhere w-24 text-muted text-xs">{region}</span>
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
}
