'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { AnalysisBadge } from '@/components/canary/marks';
import { reportHref } from '@/components/canary/places.view';
import { FactsSection } from '@/components/gates/evidence-facts';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';

interface ExecutionAnalysesProps {
  readonly application: string;
  readonly executionId: string;
  /** Of these stages only. */
  readonly refIds?: readonly string[];
}

/** What the canaries of an execution said, in a line each; nothing where there were none. */
export function ExecutionAnalyses({ application, executionId, refIds }: ExecutionAnalysesProps) {
  const t = useTranslations('canary');
  const say = useMessage();
  const trpc = useTRPC();
  const query = useQuery(trpc.analyses.list.queryOptions({ application, executionId }));
  const analyses = query.data?.items.filter(({ refId }) => refIds?.includes(refId) ?? true) ?? [];
  if (analyses.length === 0) return null;
  return (
    <FactsSection title={t('gate.title')}>
      <ul className="flex flex-col gap-1.5">
        {analyses.map((analysis) => (
          <li key={analysis.id} className="text-sm">
            <p className="flex items-center justify-between gap-2">
              <span className="flex min-w-0 items-center gap-2">
                <AnalysisBadge status={analysis.status} />
                <span className="truncate text-muted text-xs">{analysis.scopes.canary.location}</span>
              </span>
              <Link
                href={reportHref(analysis.application, analysis.id)}
                className="rounded-sm text-accent-ink underline-offset-4 hover:underline"
              >
                {t('gate.open')}
              </Link>
            </p>
            <p className="mt-0.5 [overflow-wrap:anywhere]">
              {analysis.sentence ? say(analysis.sentence) : t('list.noSentence')}
            </p>
          </li>
        ))}
      </ul>
    </FactsSection>
  );
}
