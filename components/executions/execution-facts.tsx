'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { hasPipeline, spanOf } from '@/components/executions/execution.view';
import { TriggerText } from '@/components/executions/trigger-text';
import { featureHref } from '@/components/features/features.view';
import { shortDigest } from '@/components/gates/gate.view';
import { VersionTag } from '@/components/status/version-tag';
import { CopyButton } from '@/components/ui/copy-button';
import { Duration, RelativeTime } from '@/components/ui/time';
import type { ExecutionView } from '@/server/domain/views/execution';

/** One line: what it delivers, where to, who started it and when. */
export function ExecutionFacts({ execution }: { execution: ExecutionView }) {
  const t = useTranslations('executions.facts');
  const span = spanOf(execution);
  const parameters = Object.entries(execution.parameters);
  return (
    <dl aria-label={t('label')} className="flex flex-wrap items-center gap-x-5 gap-y-1.5 text-sm">
      {execution.version ? (
        <Fact label={t('version')}>
          <VersionTag version={execution.version} />
          {execution.digest ? (
            <code className="font-mono text-2xs text-muted" title={execution.digest}>
              {shortDigest(execution.digest)}
            </code>
          ) : null}
        </Fact>
      ) : null}
      {execution.ramp ? (
        <Fact label={t('feature')}>
          <Link
            className="text-accent-ink underline-offset-4 hover:underline"
            href={featureHref(execution.ramp.toggle)}
          >
            {execution.ramp.name}
          </Link>
        </Fact>
      ) : null}
      {execution.environment ? <Fact label={t('environment')}>{execution.environment}</Fact> : null}
      <Fact label={t('startedBy')}>
        <TriggerText trigger={execution.trigger} />
      </Fact>
      <Fact label={t('started')}>
        <RelativeTime at={execution.startedAt ?? execution.createdAt} />
      </Fact>
      {span ? (
        <Fact label={t(span.to ? 'took' : 'runningFor')}>
          <Duration {...span} />
        </Fact>
      ) : null}
      {hasPipeline(execution) ? (
        <Fact label={t('revision')}>
          <Link
            className="text-accent-ink underline-offset-4 hover:underline"
            href={`/applications/${encodeURIComponent(execution.application)}/pipelines/${encodeURIComponent(execution.pipeline)}`}
          >
            {execution.pipelineRevision}
          </Link>
        </Fact>
      ) : null}
      {execution.rerunOf ? (
        <Fact label={t('rerunOf')}>
          <ExecutionLink id={execution.rerunOf} />
        </Fact>
      ) : null}
      {execution.trigger.kind === 'stage' && execution.trigger.parentExecutionId ? (
        <Fact label={t('parent')}>
          <ExecutionLink id={execution.trigger.parentExecutionId} stage={execution.trigger.parentRefId} />
        </Fact>
      ) : null}
      {parameters.length > 0 ? (
        <Fact label={t('parameters')}>
          <code className="font-mono text-xs">{parameters.map(([k, v]) => `${k}=${v}`).join(' ')}</code>
        </Fact>
      ) : null}
      <Fact label={t('id')} quiet>
        <code className="font-mono text-2xs text-muted" title={execution.id}>
          {execution.id.slice(0, 8)}
        </code>
        <CopyButton value={execution.id} />
      </Fact>
    </dl>
  );
}

function ExecutionLink({ id, stage }: { readonly id: string; readonly stage?: string | null }) {
  return (
    <Link
      className="font-mono text-accent-ink text-xs underline-offset-4 hover:underline"
      href={`/executions/${id}${stage ? `?stage=${encodeURIComponent(stage)}` : ''}`}
    >
      {id.slice(0, 8)}
    </Link>
  );
}

interface FactProps {
  readonly label: string;
  /** The value says what it is; the label is for screen readers. */
  readonly quiet?: boolean;
  readonly children: ReactNode;
}

function Fact({ label, quiet = false, children }: FactProps) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className={quiet ? 'sr-only' : 'shrink-0 text-muted'}>{label}</dt>
      <dd className="flex min-w-0 items-center gap-1.5">{children}</dd>
    </div>
  );
}
