'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { History, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { TextDiff } from '@/components/features/text-diff';
import { UndoDialog } from '@/components/features/undo-dialog';
import { useMessage } from '@/components/i18n/provider';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { MutationButton } from '@/components/ui/mutation-button';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import type { ToggleChangeView, ToggleView } from '@/server/domain/views/toggles';

const PAGE = 30;

/** Every change, newest first, each with what it was and became. */
export function HistoryPanel({ feature }: { feature: ToggleView }) {
  const t = useTranslations('features.history');
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.toggles.history.infiniteQueryOptions(
      { key: feature.key, limit: PAGE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
  );
  // In the address, so that the word of what was done can lead here with the question asked already.
  const [asked, setAsked] = useQueryState('undo', parseAsString);
  const mayWrite = useMay('toggle.write');
  const changes = (query.data?.pages ?? []).flatMap(({ items }) => items);
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError) {
    return (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
    );
  }
  if (changes.length === 0) return <EmptyState icon={<History />} title={t('empty')} />;
  const undone = mayWrite ? changes.find(({ id, canUndo }) => id === asked && canUndo) : undefined;
  return (
    <Card aria-label={t('title')} className="overflow-hidden">
      <ol>
        {changes.map((change) => (
          <ChangeRow
            key={change.id}
            change={change}
            mayUndo={mayWrite && change.canUndo}
            onUndo={() => void setAsked(change.id)}
          />
        ))}
      </ol>
      {query.hasNextPage ? (
        <div className="border-t p-3 text-center">
          <MutationButton pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </MutationButton>
        </div>
      ) : null}
      {undone ? <UndoDialog feature={feature} change={undone} onClose={() => void setAsked(null)} /> : null}
    </Card>
  );
}

interface ChangeRowProps {
  readonly change: ToggleChangeView;
  readonly mayUndo: boolean;
  readonly onUndo: () => void;
}

function ChangeRow({ change, mayUndo, onUndo }: ChangeRowProps) {
  const t = useTranslations('features.history');
  const render = useMessage();
  const [isOpen, setOpen] = useState(false);
  const { at, by, environment, reason, changes, undoes, isTakenBack, executionId } = change;
  return (
    <li className="border-b px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2 font-medium text-sm">
            <Badge>{environment ?? t('everywhere')}</Badge>
            {changes.map(render).join(' · ')}
            {isTakenBack ? <Badge tone="off">{t('takenBack')}</Badge> : null}
            {undoes ? <Badge tone="moving">{t('takesBack')}</Badge> : null}
          </p>
          {reason ? <p className="text-sm">“{render(reason)}”</p> : null}
          <p className="text-muted text-xs">
            {by} · <RelativeTime at={at} />
            {executionId ? (
              <>
                {' · '}
                <Link href={`/executions/${executionId}`} className="underline underline-offset-2">
                  {t('execution')}
                </Link>
              </>
            ) : null}
          </p>
        </div>
        <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('hide') : t('show')}
        </Button>
        {mayUndo ? (
          <Button size="sm" onClick={onUndo}>
            <Undo2 aria-hidden />
            {t('undo')}
          </Button>
        ) : null}
      </div>
      {isOpen ? <TextDiff before={change.before} after={change.after} /> : null}
    </li>
  );
}
