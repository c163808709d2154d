'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { MetricFilters } from '@/components/canary/metric-filters';
import { MetricRow } from '@/components/canary/metric-row';
import { filteredResults, openAtFirst } from '@/components/canary/report.view';
import type { SideColours } from '@/components/canary/sides.view';
import type { ReportSeries } from '@/components/canary/use-report';
import { Button } from '@/components/ui/button';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import { METRIC_VERDICTS } from '@/server/domain/canary';
import type { LookView } from '@/server/domain/views/canary';

interface MetricsListProps {
  readonly look: LookView;
  readonly points: ReportSeries;
  readonly warmupMs: number;
  readonly colours: SideColours;
}

/** From here on rows out of sight are not drawn. */
const MANY = 50;

/** In the URL, so that "look at the failed latencies" is a link. */
export const METRIC_FILTERS = {
  group: parseAsString,
  verdict: parseAsStringLiteral(METRIC_VERDICTS),
  metric: parseAsString.withDefault(''),
};

/** All metrics of a look, what decided first; each opens to its charts. */
export function MetricsList({ look, points, warmupMs, colours }: MetricsListProps) {
  const t = useTranslations('canary.metrics');
  const [chosen, setChosen] = useQueryStates(METRIC_FILTERS);
  const { series, coming } = points;
  const { results } = look.judgement;
  const [open, setOpen] = useState(() => openAtFirst(results));
  const onToggle = useCallback((id: string) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const rows = useMemo(
    () => filteredResults(results, { group: chosen.group, verdict: chosen.verdict, name: chosen.metric }),
    [results, chosen],
  );
  const judged = useMemo(
    () => ({ startMs: look.startMs, endMs: look.endMs, stepMs: look.stepMs }),
    [look.startMs, look.endMs, look.stepMs],
  );
  return (
    <Card aria-label={t('title')} className="@container overflow-hidden">
      <CardHeader>
        <CardTitle>{t('title')}</CardTitle>
        <MetricFilters results={results} chosen={chosen} onChange={(next) => void setChosen(next)} />
      </CardHeader>
      {rows.length === 0 ? (
        <EmptyState
          title={t('none')}
          action={
            <Button onClick={() => void setChosen({ group: null, verdict: null, metric: null })}>
              {t('clear')}
            </Button>
          }
        />
      ) : (
        <ul aria-label={t('label')}>
          {rows.map((result) => (
            <MetricRow
              key={result.id}
              result={result}
              measurement={series?.byId.get(result.id)}
              coming={coming}
              grid={series?.grid ?? judged}
              judged={judged}
              warmupMs={warmupMs}
              colours={colours}
              open={open.has(result.id)}
              light={results.length > MANY}
              onToggle={onToggle}
            />
          ))}
        </ul>
      )}
      <p aria-hidden className="@2xl:block hidden border-t px-4 py-2 text-muted text-xs">
        {t('limitHint')}
      </p>
    </Card>
  );
}
