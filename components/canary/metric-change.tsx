'use client';

import { useTranslations } from 'use-intl';
import { boundless, intervalPlot } from '@/components/canary/interval.view';
import { IntervalBar } from '@/components/canary/interval-bar';
import { type Numbers, useNumbers } from '@/components/canary/use-numbers';
import { VERDICT_LOOK, verdictOf } from '@/components/canary/verdict.view';
import type { MetricAssessment, MetricResult } from '@/server/domain/canary';

/** How much a metric changed, how sure that is and what was allowed; drawn whole, with its ends written below. */
export function MetricChange({ result }: { result: MetricResult }) {
  const t = useTranslations('canary.detail');
  const numbers = useNumbers();
  const plot = intervalPlot(result, true);
  const told = (value: number) =>
    result.assessment?.superiority ? numbers.percent(value) : numbers.change(value);
  return (
    <section aria-label={t('change')} className="flex flex-col gap-1">
      <h4 className="font-semibold text-muted text-xs">
        {result.assessment?.superiority ? t('chance') : t('change')}
      </h4>
      <Figures result={result} />
      {plot ? (
        <>
          <IntervalBar plot={plot} tone={result.muted ? 'off' : VERDICT_LOOK[verdictOf(result)].tone} />
          <p aria-hidden className="flex justify-between text-muted text-xs">
            {plot.ends.map((end) => (
              <span key={end}>{told(end)}</span>
            ))}
          </p>
        </>
      ) : null}
      {result.assessment ? <Power assessment={result.assessment} /> : null}
    </section>
  );
}

function Figures({ result: { assessment, ratio } }: { result: MetricResult }) {
  const t = useTranslations('canary.detail');
  const numbers = useNumbers();
  if (!assessment) {
    return (
      <p className="text-sm">
        {ratio === null ? t('noChange') : t('ratioOnly', { ratio: numbers.measure(ratio) })}
      </p>
    );
  }
  const { superiority, change, limit } = assessment;
  const { estimate, lower, upper } = superiority ?? change;
  const told = superiority ? numbers.percent : numbers.change;
  if (estimate === null && lower === null && upper === null) {
    return <p className="text-muted text-sm">{t('noChange')}</p>;
  }
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
      {estimate === null ? null : <span className="font-semibold text-lg">{told(estimate)}</span>}
      <span>
        {boundless({ lower, upper })
          ? t('noInterval')
          : t('interval', {
              confidence: numbers.percent(change.confidence),
              lower: lower === null ? t('noBound') : told(lower),
              upper: upper === null ? t('noBound') : told(upper),
            })}
      </span>
      <Limit limit={limit} told={told} />
    </p>
  );
}

function Limit({ limit, told }: { limit: MetricAssessment['limit']; told: Numbers['change'] }) {
  const t = useTranslations('canary.detail');
  const { increase, decrease } = limit;
  const one = increase ?? decrease;
  if (one === null) return null;
  return (
    <span className="text-muted">
      {increase !== null && decrease !== null
        ? t('limits', { lower: told(decrease), upper: told(increase) })
        : t('limit', { limit: told(one) })}
    </span>
  );
}

/** What this sample could have found out at all. */
function Power({ assessment }: { assessment: MetricAssessment }) {
  const t = useTranslations('canary.detail');
  const numbers = useNumbers();
  const { smallestDetectable, pointsNeeded, verdict } = assessment;
  return (
    <p className="text-muted text-sm">
      {smallestDetectable === null
        ? t('notDetectable')
        : t('detectable', { change: numbers.change(smallestDetectable) })}{' '}
      {pointsNeeded !== null && verdict === 'inconclusive'
        ? t('pointsNeeded', { points: numbers.count(pointsNeeded) })
        : null}
    </p>
  );
}
