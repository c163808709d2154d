'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { History, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { TextDiff } from '@/components/features/text-diff';
import { useUndo } from '@/components/features/use-feature-acts';
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
import type { ToggleChangeView } from '@/server/domain/views/toggles';

const PAGE = 30;

/** Every change, newest first, each with what it was and became. */
export function HistoryPanel({ featureKey }: { featureKey: string }) {
  const t = useTranslations('features.history');
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.toggles.history.infiniteQueryOptions(
      { key: featureKey, limit: PAGE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
  );
  const changes = (query.data?.pages ?? []).flatMap(({ items }) => items);
  if (query.isPending) return <RowsSkeleton />;
  if (query.isError) {
    return (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
    );
  }
  if (changes.length === 0) return <EmptyState icon={<History />} title={t('empty')} />;
  return (
    <Card aria-label={t('title')} className="overflow-hidden">
      <ol>
        {changes.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
      </ol>
      {query.hasNextPage ? (
        <div className="border-t p-3 text-center">
          <MutationButton pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </MutationButton>
        </div>
      ) : null}
    </Card>
  );
}

function ChangeRow({ change }: { change: ToggleChangeView }) {
  const t = useTranslations('features.history');
  const render = useMessage();
  const mayWrite = useMay('toggle.write');
  const undo = useUndo();
  const [isOpen, setOpen] = useState(false);
  const { id, at, by, environment, reason, changes, undoes, canUndo, executionId } = change;
  return (
    <li className="border-b px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2 font-medium text-sm">
            <Badge>{environment ?? t('everywhere')}</Badge>
            {changes.map(render).join(' · ')}
            {undoes ? <Badge tone="moving">{t('takenBack')}</Badge> : null}
          </p>
          {reason ? <p className="text-sm">“{reason}”</p> : null}
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
        {canUndo && mayWrite ? (
          <MutationButton
            size="sm"
            pending={undo.isPending}
            onClick={() => undo.mutate({ changeId: id, reason: '' })}
          >
            <Undo2 aria-hidden />
            {t('undo')}
          </MutationButton>
        ) : null}
      </div>
      {isOpen ? <TextDiff before={change.before} after={change.after} /> : null}
    </li>
  );
}
