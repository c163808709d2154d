'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ExecutionAnalyses } from '@/components/canary/execution-analyses';
import { DecisionForm } from '@/components/gates/decision-form';
import { DecisionFrozen } from '@/components/gates/decision-frozen';
import { EvidenceChanges } from '@/components/gates/evidence-changes';
import { Consequences, Elsewhere, Instructions, Origin, Warnings } from '@/components/gates/evidence-facts';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Countdown, RelativeTime } from '@/components/ui/time';
import type { Evidence } from '@/server/domain/views/execution';

interface EvidenceCardProps {
  readonly executionId: string;
  readonly refId: string;
  readonly className?: string;
}

/**
 * What a person needs to decide a gate, and the decision itself. The same card on the execution page,
 * in the list of what waits and on a phone; once decided it stays as it was, with who decided.
 */
export function EvidenceCard({ executionId, refId, className }: EvidenceCardProps) {
  const t = useTranslations('gates');
  const trpc = useTRPC();
  const query = useQuery(trpc.judgments.evidence.queryOptions({ executionId, refId }));
  if (query.isPending) return <EvidenceSkeleton className={className} />;
  if (query.isError) {
    return (
      <ErrorState
        title={t('failed')}
        error={query.error}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
        className={cn('rounded-lg border', className)}
      />
    );
  }
  return <Card evidence={query.data} className={className} />;
}

function Card({ evidence, className }: { evidence: Evidence; className?: string }) {
  const t = useTranslations('gates');
  const say = useMessage();
  const isOpen = evidence.judgment === null;
  const open = isOpen && evidence.expiresAt !== null;
  return (
    <article
      aria-label={t('card', { name: say(evidence.stageName) })}
      data-testid="evidence-card"
      className={cn(
        '@container overflow-clip rounded-lg border bg-surface',
        evidence.judgment === null && 'border-caution',
        className,
      )}
    >
      <Header evidence={evidence} open={open} />
      <div className="grid @2xl:grid-cols-2 gap-x-8 gap-y-4 p-4">
        <div className="flex flex-col gap-4">
          <Instructions text={evidence.instructions} />
          {evidence.ramp ? null : <EvidenceChanges change={evidence.change} />}
          {evidence.ramp && isOpen ? <Consequences evidence={evidence} /> : null}
          <Origin evidence={evidence} />
        </div>
        <div className="flex flex-col gap-4">
          <ExecutionAnalyses application={evidence.application} executionId={evidence.executionId} />
          {evidence.ramp ? null : (
            <>
              <Warnings warnings={evidence.warnings} />
              <Elsewhere elsewhere={evidence.elsewhere} />
            </>
          )}
          {isOpen && !evidence.ramp ? <Consequences evidence={evidence} /> : null}
        </div>
      </div>
      {evidence.judgment ? (
        <DecisionFrozen judgment={evidence.judgment} />
      ) : (
        <DecisionForm evidence={evidence} />
      )}
    </article>
  );
}

function Header({ evidence, open }: { evidence: Evidence; open: boolean }) {
  const t = useTranslations('gates');
  const say = useMessage();
  const decided = evidence.judgment !== null;
  return (
    <header
      className={cn(
        'flex items-start gap-3 border-b px-4 py-3',
        decided ? 'bg-sunken' : 'bg-caution-soft text-caution-ink',
      )}
    >
      <Shape name="triangle" tone={decided ? 'off' : 'caution'} className="mt-1 size-4" />
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold text-base">{say(evidence.stageName)}</h2>
        <p className="flex flex-wrap gap-x-2 text-xs">
          <span>
            {t.rich('asks', { by: evidence.requestedBy, time: () => <RelativeTime at={evidence.since} /> })}
          </span>
          {open && evidence.expiresAt ? (
            <span>· {t.rich('expires', { time: () => <Countdown until={evidence.expiresAt ?? ''} /> })}</span>
          ) : null}
        </p>
      </div>
    </header>
  );
}

function EvidenceSkeleton({ className }: { className?: string | undefined }) {
  return (
    <div className={cn('overflow-hidden rounded-lg border bg-surface', className)}>
      <Skeleton className="h-14 rounded-none" />
      <div className="flex flex-col gap-3 p-4">
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-20" />
        <Skeleton className="h-4 w-1/2" />
        <Skeleton className="h-10" />
      </div>
    </div>
  );
}
