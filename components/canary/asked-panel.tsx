'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { VerdictMark } from '@/components/canary/marks';
import { byGravity, verdictOf } from '@/components/canary/verdict.view';
import { EvidenceCard } from '@/components/gates/evidence-card';
import { useMessage } from '@/components/i18n/provider';
import type { AnalysisReport } from '@/server/domain/views/canary';

const SHOWN = 4;

interface AskedPanelProps {
  readonly report: AnalysisReport;
  /** Stands beside the gate, which is tall. */
  readonly children: ReactNode;
}

/** Why the metrics cannot tell, and the gate at which a person decides instead. */
export function AskedPanel({ report, children }: AskedPanelProps) {
  const t = useTranslations('canary.asked');
  const say = useMessage();
  const unknown = byGravity(report.shown?.judgement.results ?? []).filter((result) => {
    const verdict = verdictOf(result);
    return !result.muted && verdict !== 'pass' && verdict !== 'fail';
  });
  return (
    <section aria-label={t('title')} className="grid items-start gap-4 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <div className="rounded-lg border bg-surface p-4">
          <h2 className="mb-2 font-semibold text-base">{t('why')}</h2>
          <ul className="flex flex-col gap-2">
            {unknown.slice(0, SHOWN).map((result) => (
              <li key={result.id} className="flex flex-col gap-0.5 text-sm">
                <VerdictMark verdict={verdictOf(result)} />
                <span className="[overflow-wrap:anywhere]">{say(result.sentence)}</span>
              </li>
            ))}
          </ul>
          {unknown.length > SHOWN ? (
            <p className="mt-2 text-muted text-xs">{t('more', { count: unknown.length - SHOWN })}</p>
          ) : null}
        </div>
        {children}
      </div>
      <EvidenceCard executionId={report.executionId} refId={report.refId} />
    </section>
  );
}
