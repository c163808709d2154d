'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ExecutionAnalyses } from '@/components/canary/execution-analyses';
import { analysisIdOf, StageAnalysis } from '@/components/canary/stage-analysis';
import { entriesOf, showsEvidence } from '@/components/executions/execution.view';
import { StageActs } from '@/components/executions/stage-acts';
import { StageLog } from '@/components/executions/stage-log';
import { StageTries } from '@/components/executions/stage-tries';
import { EvidenceCard } from '@/components/gates/evidence-card';
import { useMessage } from '@/components/i18n/provider';
import { StatusBadge } from '@/components/status/status-badge';
import { useTRPC } from '@/components/trpc/trpc';
import { cn } from '@/components/ui/cn';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Countdown, Duration, RelativeTime, useExactTime } from '@/components/ui/time';
import type { StageDetails as Details, ExecutionView, StageView } from '@/server/domain/views/execution';

interface StageDetailsProps {
  readonly execution: ExecutionView;
  /** What the graph knows already, shown while the rest is read. */
  readonly stage: StageView;
}

/** All about one stage. At a gate it is the evidence card with the rest below. */
export function StageDetails({ execution, stage: current }: StageDetailsProps) {
  const t = useTranslations('executions.stage');
  const trpc = useTRPC();
  const [earlier, setEarlier] = useState<number | null>(null);
  const executionId = execution.id;
  const { refId } = current;
  const query = useQuery(
    trpc.executions.getStage.queryOptions({ executionId, refId, try: earlier ?? undefined }),
  );
  const stage = earlier === null ? current : (query.data ?? { ...current, waiting: null, error: null });
  const isGate = earlier === null && showsEvidence(stage);
  const analysisId = stage.type === 'canaryAnalysis' && query.data ? analysisIdOf(query.data.outputs) : null;
  const analysed = earlier === null ? analysisSteps(execution, refId) : [];
  return (
    <div className="flex flex-col gap-5">
      <StageTries execution={execution} stage={current} chosen={earlier} onChoose={setEarlier} />
      {isGate ? <EvidenceCard executionId={executionId} refId={refId} /> : <Heading stage={stage} />}
      {earlier === null ? <StageActs execution={execution} stage={stage} /> : null}
      {earlier === null ? null : <p className="text-muted text-sm">{t('earlierTry')}</p>}
      {stage.skipRequestedBy && stage.endedAt === null ? (
        <p className="text-muted text-sm">{t('skipRequested', { by: stage.skipRequestedBy })}</p>
      ) : null}
      {/* A decided gate says who stopped it on its card already, and a bad canary its analysis. */}
      {stage.error && !(isGate && query.data?.judgment) && !(analysisId && stage.status === 'failed') ? (
        <Trouble stage={stage} />
      ) : null}
      {/* After its first look an analysis says itself when it looks next. */}
      {stage.waiting && !isGate && !(stage.waiting.kind === 'time' && hasLooked(query.data)) ? (
        <WaitingFacts stage={stage} />
      ) : null}
      {query.isPending ? <DetailsSkeleton /> : null}
      {query.isError ? (
        <ErrorState
          title={t('failed')}
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : null}
      {analysisId ? <StageAnalysis id={analysisId} /> : null}
      {analysed.length > 0 ? (
        <ExecutionAnalyses application={execution.application} executionId={executionId} refIds={analysed} />
      ) : null}
      {query.data && !isGate ? <Rest details={query.data} /> : null}
    </div>
  );
}

/** Whether a stage is an analysis that has judged its canary before. */
function hasLooked(details: Details | undefined): boolean {
  return details?.type === 'canaryAnalysis' && 'score' in details.outputs;
}

/** Steps of a stage that compare its canary with a baseline. */
function analysisSteps({ stages }: ExecutionView, parent: string): string[] {
  return stages
    .filter(
      ({ parentRefId, type, startedAt }) => parentRefId === parent && type === 'canaryAnalysis' && startedAt,
    )
    .map(({ refId }) => refId);
}

function Heading({ stage }: { stage: StageView }) {
  const t = useTranslations('executions.stage');
  const say = useMessage();
  const exact = useExactTime();
  return (
    <header className="flex flex-col gap-2">
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 font-semibold text-base">{say(stage.name)}</h2>
        <StatusBadge status={stage.status} waitingForPerson={stage.waiting?.kind === 'person'} />
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Fact label={t('type')}>
          <code className="font-mono text-xs">{stage.type}</code>
        </Fact>
        <Fact label={t('started')}>
          {stage.startedAt ? (
            <span title={exact(stage.startedAt)}>
              <RelativeTime at={stage.startedAt} />
            </span>
          ) : (
            t('notStarted')
          )}
        </Fact>
        {stage.startedAt ? (
          <Fact label={t('took')}>
            <Duration from={stage.startedAt} to={stage.endedAt} />
          </Fact>
        ) : null}
      </dl>
    </header>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Trouble({ stage }: { stage: StageView }) {
  const t = useTranslations('executions.stage');
  const say = useMessage();
  if (!stage.error) return null;
  return (
    <div
      className={cn(
        'rounded-md px-3 py-2 text-sm',
        stage.status === 'stopped' ? 'bg-off-soft text-off-ink' : 'bg-danger-soft text-danger-ink',
      )}
    >
      {stage.status === 'stopped' ? null : <p className="font-semibold">{t('error')}</p>}
      <p>{say(stage.error)}</p>
    </div>
  );
}

function WaitingFacts({ stage }: { stage: StageView }) {
  const t = useTranslations('executions');
  const say = useMessage();
  const { waiting } = stage;
  if (!waiting) return null;
  return (
    <div className="flex flex-col gap-1 rounded-md bg-moving-soft px-3 py-2 text-moving-ink text-sm">
      <p>{say(waiting.reason)}</p>
      <p className="text-xs">
        {t('stage.waiting')} {t(`waitingKind.${waiting.kind}`)}
        {' · '}
        {waiting.until
          ? t.rich('endsIn', { time: () => <Countdown until={waiting.until ?? ''} /> })
          : t('stage.noEnd')}
      </p>
      {waiting.who.length > 0 ? (
        <p className="text-xs">
          {t('stage.who')}: {waiting.who.join(', ')}
        </p>
      ) : null}
    </div>
  );
}

function Rest({ details }: { details: Details }) {
  const t = useTranslations('executions.stage');
  return (
    <>
      <Section title={t('log')}>
        <StageLog log={details.log} ended={details.endedAt !== null} />
      </Section>
      <Section title={t('inputs')}>
        <Values values={details.config} empty={t('inputsEmpty')} />
      </Section>
      <Section title={t('outputs')}>
        <Values
          values={details.outputs}
          empty={t(details.endedAt === null ? 'outputsEmpty' : 'outputsNone')}
        />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <h3 className="font-semibold text-muted text-xs ">{title}</h3>
      {children}
    </section>
  );
}

function Values({ values, empty }: { values: Readonly<Record<string, unknown>>; empty: string }) {
  const rows = entriesOf(values);
  if (rows.length === 0) return <p className="text-muted text-sm">{empty}</p>;
  return (
    <dl className="divide-y rounded-md border text-xs">
      {rows.map(({ key, text }) => (
        <div key={key} className="flex items-start gap-3 px-3">
          <dt className="w-28 shrink-0 truncate py-1.5 text-muted" title={key}>
            {key}
          </dt>
          <dd className="flex min-w-0 flex-1 items-start">
            <span className="min-w-0 flex-1 whitespace-pre-wrap break-words py-1.5 font-mono">{text}</span>
            <CopyButton value={text} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function DetailsSkeleton() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-4 w-24" />
      <Skeleton className="h-16" />
      <Skeleton className="h-4 w-24" />
      <Skeleton className="h-20" />
    </div>
  );
}
