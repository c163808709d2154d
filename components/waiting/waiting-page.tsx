'use client';

import { useQuery } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { splitGates } from '@/components/gates/gate.view';
import { useTRPC } from '@/components/trpc/trpc';
import { PageHeader } from '@/components/ui/page-header';
import { QueryStates } from '@/components/ui/query-states';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { StillPanel } from '@/components/waiting/still-panel';
import { WaitingItem } from '@/components/waiting/waiting-item';
import type { WaitingGate } from '@/server/domain/views/board';

/** Gates that wait: mine with their evidence open, then those of others. */
export function WaitingPage() {
  const t = useTranslations('waiting');
  const trpc = useTRPC();
  const query = useQuery(trpc.judgments.listWaiting.queryOptions({}));
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={t('title')} description={t('description')} />
      <QueryStates query={query} skeleton={<WaitingSkeleton />} failed={t('failed')}>
        {(gates) => <Gates gates={gates} />}
      </QueryStates>
      <StillPanel />
    </div>
  );
}

function Gates({ gates }: { gates: readonly WaitingGate[] }) {
  const t = useTranslations('waiting');
  if (gates.length === 0) {
    return (
      <EmptyState icon={<Inbox />} title={t('emptyTitle')} className="rounded-lg border border-dashed">
        {t('empty')}
      </EmptyState>
    );
  }
  const { mine, others } = splitGates(gates);
  return (
    <div className="flex flex-col gap-8">
      <GateSection title={t('mine')} gates={mine} openFirst none={t('emptyMine')} />
      {others.length > 0 ? (
        <GateSection title={t('others')} gates={others} openFirst={mine.length === 0} />
      ) : null}
    </div>
  );
}

interface GateSectionProps {
  readonly title: string;
  readonly gates: readonly WaitingGate[];
  readonly openFirst: boolean;
  readonly none?: string;
}

function GateSection({ title, gates, openFirst, none }: GateSectionProps) {
  const t = useTranslations('waiting');
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h2 className="font-semibold text-base">
        {title} <span className="font-normal text-muted text-sm">{t('count', { count: gates.length })}</span>
      </h2>
      {gates.length === 0 && none ? <p className="text-muted text-sm">{none}</p> : null}
      {gates.map((gate, index) => (
        <WaitingItem
          key={`${gate.executionId}/${gate.refId}`}
          gate={gate}
          initiallyOpen={openFirst && index === 0}
        />
      ))}
    </section>
  );
}

function WaitingSkeleton() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-80" />
      <Skeleton className="h-14" />
    </div>
  );
}
