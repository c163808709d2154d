'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cellState, totalOf } from '@/components/board/board.view';
import { useUnseenReason } from '@/components/clusters/unseen-reason';
import { HealthIcon } from '@/components/status/status-badge';
import { VersionTag } from '@/components/status/version-tag';
import { RelativeTime } from '@/components/ui/time';
import { INSTANCE_HEALTH } from '@/server/domain/inventory';
import type { BoardCell } from '@/server/domain/views/board';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** What the hover card of a cell says. All of it is on the cluster's page too. */
export function CellDetails({ cell, before }: { cell: BoardCell; before: BoardCell | null }) {
  const t = useTranslations('board');
  const reasonOf = useUnseenReason();
  const { stale, staleCause, seenAt } = cell;
  const [main] = cell.versions;
  return (
    <div className="flex flex-col gap-3 text-xs">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-semibold text-sm" title={cell.cluster}>
          {cell.cluster}
        </span>
        {main ? <VersionTag version={main.version} /> : null}
      </div>
      {stale !== null ? (
        <p className="rounded-sm bg-off-soft px-2 py-1 text-off-ink">
          {t('staleLong', { reason: reasonOf({ error: stale, cause: staleCause, seenAt }) })}
        </p>
      ) : null}
      {cell.pin ? (
        <p className="rounded-sm bg-caution-soft px-2 py-1 text-caution-ink">
          {t('pinnedBy', { version: cell.pin.version, by: cell.pin.by, reason: cell.pin.reason })}
        </p>
      ) : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1.5">
        {cellState(cell) === 'empty' ? null : (
          <Fact name={t(cell.serverless ? 'functions' : 'instances')}>
            <span className="flex flex-wrap gap-x-3">
              {INSTANCE_HEALTH.filter((health) => cell.health[health] > 0).map((health) => (
                <span key={health} className="inline-flex items-center gap-1">
                  {cell.health[health]} <HealthIcon health={health} withWord />
                </span>
              ))}
              {totalOf(cell.health) === 0 ? '0' : null}
            </span>
          </Fact>
        )}
        {cell.digest ? (
          <Fact name={t('digest')}>
            <code className="break-all font-mono">{cell.digest}</code>
          </Fact>
        ) : null}
        {cell.deployedAt ? (
          <Fact name={t('since')}>
            <RelativeTime at={cell.deployedAt} />{' '}
            {cell.deployedBy ? t('by', { name: cell.deployedBy }) : null}
          </Fact>
        ) : null}
        {cell.url ? <Fact name={t('address')}>{cell.url}</Fact> : null}
        <Fact name={t('account')}>
          {cell.account} · {cell.region}
        </Fact>
        {cell.seenAt ? (
          <Fact name={t('seen')}>
            <RelativeTime at={cell.seenAt} />
          </Fact>
        ) : null}
        {before ? (
          <Fact name={t('compared')}>
            <Comparison cell={cell} before={before} />
          </Fact>
        ) : null}
      </dl>
      <p className="border-t pt-2 text-muted">{t('keysHint')}</p>
    </div>
  );
}

function Comparison({ cell, before }: { cell: BoardCell; before: BoardCell }) {
  const t = useTranslations('board');
  const place = `${before.environment} · ${before.region}`;
  const [theirs] = before.versions;
  if (!theirs) return t('leftEmpty', { place });
  if (before.digest === cell.digest && cell.digest !== null) return t('sameAs', { place });
  return <span className="text-caution-ink">{t('differsFrom', { place, version: theirs.version })}</span>;
}
