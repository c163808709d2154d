'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { AnalysisBadge } from '@/components/canary/marks';
import { reportHref } from '@/components/canary/places.view';
import { FactsSection } from '@/components/gates/evidence-facts';
import { useMessage } from '@/components/i18n/provider';
import { useTRPC } from '@/components/trpc/trpc';

interface GateAnalysesProps {
  readonly application: string;
  readonly executionId: string;
}

/** What the canaries of this execution said; nothing where there were none. */
export function GateAnalyses({ application, executionId }: GateAnalysesProps) {
  const t = useTranslations('canary');
  const say = useMessage();
  const trpc = useTRPC();
  const query = useQuery(trpc.analyses.list.queryOptions({ application, executionId }));
  const analyses = query.data?.items ?? [];
  if (analyses.length === 0) return null;
  return (
    <FactsSection title={t('gate.title')}>
      <ul className="flex flex-col gap-1.5">
        {analyses.map((analysis) => (
          <li key={analysis.id} className="text-sm">
            <p className="flex items-center justify-between gap-2">
              <AnalysisBadge status={analysis.status} />
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
