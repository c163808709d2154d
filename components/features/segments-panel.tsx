'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Trash2, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { SegmentDialog } from '@/components/features/segment-dialog';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useMay } from '@/components/nav/use-me';
import { ConfirmDialog } from '@/components/settings/confirm-dialog';
import { useTRPC } from '@/components/trpc/trpc';
import { Button, IconButton } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import type { SegmentView } from '@/server/domain/views/toggles';

/** Groups of people that many features ask about. */
export function SegmentsPanel() {
  const t = useTranslations('features.segments');
  const trpc = useTRPC();
  const mayWrite = useMay('toggle.write');
  const query = useQuery(trpc.toggles.segments.list.queryOptions({}));
  const [edited, setEdited] = useState<SegmentView | 'new' | null>(null);
  const [removed, setRemoved] = useState<SegmentView | null>(null);
  const add = mayWrite ? (
    <Button variant="primary" onClick={() => setEdited('new')}>
      <Plus aria-hidden />
      {t('add')}
    </Button>
  ) : null;
  return (
    <Panel title={t('title')} description={t('description')} action={add}>
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<UsersRound />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(segments) => (
          <ul aria-label={t('title')}>
            {segments.map((segment) => (
              <li
                key={segment.key}
                className="flex flex-wrap items-center gap-3 border-b px-4 py-3 last:border-b-0"
              >
                <div className="min-w-0 flex-1 basis-64">
                  <p className="font-medium text-sm">
                    {segment.name}{' '}
                    {segment.name === segment.key ? null : (
                      <code className="break-all font-mono text-muted text-xs">{segment.key}</code>
                    )}
                  </p>
                  {segment.description ? <p className="text-muted text-sm">{segment.description}</p> : null}
                  <p className="text-muted text-xs">
                    {t('usedBy', { count: segment.usedBy.length, names: segment.usedBy.join(', ') })} ·{' '}
                    {segment.updatedBy} <RelativeTime at={segment.updatedAt} />
                  </p>
                </div>
                {mayWrite ? (
                  <>
                    <Button size="sm" onClick={() => setEdited(segment)}>
                      <Pencil aria-hidden />
                      {t('edit')}
                    </Button>
                    <IconButton
                      size="sm"
                      label={t('remove', { name: segment.name })}
                      onClick={() => setRemoved(segment)}
                    >
                      <Trash2 aria-hidden />
                    </IconButton>
                  </>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </QueryStates>
      {edited === null ? null : (
        <SegmentDialog segment={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed === null ? null : <RemoveSegment segment={removed} onClose={() => setRemoved(null)} />}
    </Panel>
  );
}

function RemoveSegment({ segment, onClose }: { segment: SegmentView; onClose: () => void }) {
  const t = useTranslations('features.segments');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const remove = useMutation(
    trpc.toggles.segments.remove.mutationOptions({
      onSuccess: async () => {
        toast.success(t('removed', { name: segment.name }));
        onClose();
        await refresh();
      },
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('remove', { name: segment.name })}
      consequence={
        remove.error ? (
          <span role="alert" className="text-danger-ink">
            {remove.error.message}
          </span>
        ) : (
          t('removeText')
        )
      }
      keep={t('keep')}
      action={t('removeDo')}
      pendingLabel={common('saving')}
      pending={remove.isPending}
      onConfirm={() => remove.mutate({ key: segment.key })}
    />
  );
}
