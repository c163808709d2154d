'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { SideLabel } from '@/components/canary/marks';
import { clusterHref, configHref } from '@/components/canary/places.view';
import type { SideColours, SideName } from '@/components/canary/sides.view';
import { shortId } from '@/components/nav/nav.view';
import { VersionTag } from '@/components/status/version-tag';
import { Duration, RelativeTime } from '@/components/ui/time';
import type { AnalysisReport } from '@/server/domain/views/canary';

interface ReportFactsProps {
  readonly report: AnalysisReport;
  readonly colours: SideColours;
}

const LINK = 'rounded-sm underline-offset-4 hover:underline text-accent-ink';

/** What was compared with what, by which configuration, and when. */
export function ReportFacts({ report, colours }: ReportFactsProps) {
  const t = useTranslations('canary.report');
  const { application, configName, executionId, refId } = report;
  return (
    <section aria-label={t('facts')} className="flex flex-col gap-3">
      <div className="grid gap-2 sm:grid-cols-2">
        <Side side="baseline" report={report} colours={colours} />
        <Side side="canary" report={report} colours={colours} />
      </div>
      <dl className="flex flex-wrap items-center gap-x-5 gap-y-1.5 text-sm">
        <Fact label={t('config')}>
          <Link href={configHref(application, configName)} className={LINK}>
            {configName}
          </Link>
        </Fact>
        <Fact label={t('source')}>{report.source}</Fact>
        <Fact label={t('execution')}>
          <Link href={`/executions/${executionId}?stage=${encodeURIComponent(refId)}`} className={LINK}>
            {report.pipeline} <code className="font-mono text-xs">{shortId(executionId)}</code>
          </Link>
        </Fact>
        {report.environment ? <Fact label={t('environment')}>{report.environment}</Fact> : null}
        <Fact label={t('started')}>
          <RelativeTime at={report.startedAt} />
        </Fact>
        <Fact label={t(report.endedAt ? 'took' : 'runningFor')}>
          <Duration from={report.startedAt} to={report.endedAt} />
        </Fact>
        {report.shown ? <Fact label={t('judge')}>{report.shown.judgement.judge}</Fact> : null}
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

interface SideProps extends ReportFactsProps {
  readonly side: SideName;
}

function Side({ side, report, colours }: SideProps) {
  const t = useTranslations('canary');
  const { scope, location, version } = report.scopes[side];
  const href = clusterHref(report.application, scope);
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-md border bg-surface px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium text-sm">
        <SideLabel side={side} colours={colours} />
        {version ? (
          <VersionTag version={version} />
        ) : (
          <span className="font-normal text-muted">{t('unknownVersion')}</span>
        )}
      </p>
      <p className="flex flex-wrap gap-x-2 text-sm [overflow-wrap:anywhere]">
        {href ? (
          <Link href={href} title={t('report.toCluster', { group: scope })} className={LINK}>
            <code className="font-mono text-xs">{scope}</code>
          </Link>
        ) : (
          <code className="font-mono text-xs">{scope}</code>
        )}
        {location ? <span className="text-muted">{t('report.region', { region: location })}</span> : null}
      </p>
    </div>
  );
}
