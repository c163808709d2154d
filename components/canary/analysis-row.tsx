'use client';

import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { AnalysisBadge } from '@/components/canary/marks';
import { reportHref } from '@/components/canary/places.view';
import { useNumbers } from '@/components/canary/use-numbers';
import { useMessage } from '@/components/i18n/provider';
import { VersionTag } from '@/components/status/version-tag';
import { RelativeTime } from '@/components/ui/time';
import type { AnalysisSummary } from '@/server/domain/views/canary';

/** One analysis of a list; the whole row leads to its report. */
function Row({ analysis }: { analysis: AnalysisSummary }) {
  const t = useTranslations('canary');
  const say = useMessage();
  const numbers = useNumbers();
  const { baseline, canary } = analysis.scopes;
  const { looks, plannedLooks: planned, score } = analysis;
  return (
    <li className="border-b last:border-b-0">
      <Link
        href={reportHref(analysis.application, analysis.id)}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-sunken focus-visible:outline-offset-[-2px] lg:grid-cols-[9.5rem_minmax(0,1fr)_minmax(0,15rem)_3.5rem_7.5rem_6rem]"
      >
        <span className="order-1 lg:order-none">
          <AnalysisBadge status={analysis.status} />
        </span>
        <span className="order-3 col-span-2 flex min-w-0 flex-col lg:order-none lg:col-span-1">
          <span className="line-clamp-2 font-medium text-sm">
            {analysis.sentence ? say(analysis.sentence) : t('list.noSentence')}
          </span>
          <span className="truncate text-muted text-xs">
            {[analysis.configName, analysis.environment, t(`kind.${analysis.kind}`)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
        <span className="order-4 col-span-2 flex min-w-0 flex-col gap-0.5 lg:order-none lg:col-span-1">
          <span className="flex min-w-0 items-center gap-1.5">
            {baseline.version ? <VersionTag size="sm" version={baseline.version} /> : null}
            <ArrowRight role="img" aria-label="→" className="size-3 shrink-0 text-muted" />
            {canary.version ? <VersionTag size="sm" version={canary.version} /> : null}
          </span>
          <span
            className="truncate font-mono text-2xs text-muted"
            title={`${baseline.scope} → ${canary.scope}`}
          >
            {canary.scope}
            {canary.location ? ` · ${canary.location}` : ''}
          </span>
        </span>
        <span className="order-2 text-right font-semibold text-sm lg:order-none">
          <span className="sr-only">{t('score.title')} </span>
          {score === null ? '–' : numbers.score(score)}
        </span>
        <span className="order-5 text-muted text-xs lg:order-none lg:text-right">
          {analysis.endedAt === null
            ? t('list.looks', { looks, planned: Math.max(looks, planned) })
            : t('list.looksOver', { looks })}
        </span>
        <RelativeTime
          at={analysis.startedAt}
          className="order-6 whitespace-nowrap text-right text-muted text-xs lg:order-none lg:text-sm"
        />
      </Link>
    </li>
  );
}

export const AnalysisRow = memo(Row);
