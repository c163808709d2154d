'use client';

import { useTranslations } from 'use-intl';
import { SideLabel } from '@/components/canary/marks';
import type { SideColours, SideName } from '@/components/canary/sides.view';
import { CopyButton } from '@/components/ui/copy-button';
import type { MetricMeasurement } from '@/server/domain/analysis';

interface QueriesProps {
  readonly queries: MetricMeasurement['queries'];
  readonly colours: SideColours;
}

/** What was literally asked of the source, to be tried there by hand. */
export function Queries({ queries, colours }: QueriesProps) {
  const t = useTranslations('canary.queries');
  const same = queries.baseline !== null && queries.baseline === queries.canary;
  return (
    <section aria-label={t('title')} className="flex flex-col gap-1.5">
      <h4 className="font-semibold text-muted text-xs">{t('title')}</h4>
      {same ? (
        <Query text={queries.baseline} label={t('copy', { side: 'both' })}>
          {t('same')}
        </Query>
      ) : (
        (['baseline', 'canary'] as const satisfies readonly SideName[]).map((side) => (
          <Query key={side} text={queries[side]} label={t('copy', { side })}>
            <SideLabel side={side} colours={colours} />
          </Query>
        ))
      )}
    </section>
  );
}

interface QueryProps {
  readonly text: string | null;
  readonly label: string;
  readonly children: React.ReactNode;
}

function Query({ text, label, children }: QueryProps) {
  const t = useTranslations('canary.queries');
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-md border px-3 py-1.5 sm:flex-row sm:items-start sm:gap-3">
      <span className="w-24 shrink-0 pt-1 text-xs">{children}</span>
      {text === null ? (
        <span className="pt-0.5 text-muted text-sm">{t('none')}</span>
      ) : (
        <span className="flex min-w-0 flex-1 items-start gap-1">
          <code className="min-w-0 flex-1 whitespace-pre-wrap pt-1 font-mono text-xs [overflow-wrap:anywhere]">
            {text}
          </code>
          <CopyButton value={text} label={label} />
        </span>
      )}
    </div>
  );
}
