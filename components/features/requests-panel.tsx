'use client';

import { useQuery } from '@tanstack/react-query';
import { GitPullRequestArrow } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import { RequestDialog } from '@/components/features/request-dialog';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { Select } from '@/components/ui/select';
import { EmptyState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import type { Tone } from '@/components/ui/tone';
import type { ChangeRequestSummary } from '@/server/domain/views/toggles';

const STATUSES = ['open', 'applied', 'rejected', 'withdrawn', 'all'] as const;

/** Changes that wait for another person, and what became of the others. */
export function RequestsPanel() {
  const t = useTranslations('features.requests');
  const trpc = useTRPC();
  const [{ status, request }, set] = useQueryStates({
    status: parseAsStringLiteral(STATUSES).withDefault('open'),
    request: parseAsString,
  });
  const query = useQuery(trpc.toggles.requests.list.queryOptions(status === 'all' ? {} : { status }));
  const choice = (
    <Select
      aria-label={t('status')}
      value={status}
      onValueChange={(next) => void set({ status: STATUSES.find((one) => one === next) ?? null })}
      options={STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) }))}
    />
  );
  return (
    <Panel title={t('title')} description={t('description')} action={choice}>
      <QueryStates
        query={query}
        skeleton={<RowsSkeleton />}
        failed={t('failed')}
        empty={
          <EmptyState icon={<GitPullRequestArrow />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
      >
        {(requests) => (
          <ul aria-label={t('title')}>
            {requests.map((one) => (
              <RequestRow key={one.id} request={one} onOpen={() => void set({ request: one.id })} />
            ))}
          </ul>
        )}
      </QueryStates>
      {request ? <RequestDialog id={request} onClose={() => void set({ request: null })} /> : null}
    </Panel>
  );
}

const TONES = {
  open: 'caution',
  applied: 'clear',
  rejected: 'danger',
  withdrawn: 'off',
} as const satisfies Record<ChangeRequestSummary['status'], Tone>;

/** How a change request stands. */
export function RequestBadge({ status }: { status: ChangeRequestSummary['status'] }) {
  const t = useTranslations('features.requests');
  return <Badge tone={TONES[status]}>{t(`statuses.${status}`)}</Badge>;
}

function RequestRow({ request, onOpen }: { request: ChangeRequestSummary; onOpen: () => void }) {
  const t = useTranslations('features.requests');
  const { toggleName, environment, status, reason, createdBy, createdAt, isOutdated } = request;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium text-sm">
          {toggleName}
          <Badge>{environment}</Badge>
          <RequestBadge status={status} />
          {isOutdated ? <Badge tone="caution">{t('outdated')}</Badge> : null}
        </p>
        {reason ? <p className="text-sm">“{reason}”</p> : null}
        <p className="text-muted text-xs">
          {createdBy} · <RelativeTime at={createdAt} />
        </p>
      </div>
      <Button size="sm" aria-label={t('openOf', { name: toggleName, environment })} onClick={onOpen}>
        {t('open')}
      </Button>
    </li>
  );
}
