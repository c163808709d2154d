'use client';

import { useTranslations } from 'use-intl';
import { analysisOf, withAnalysis, withEffect, withMetric } from '@/components/canary/workbench/config.view';
import { ConfigField } from '@/components/canary/workbench/config-field';
import {
  DIRECTIONS,
  directionOf,
  type Limit,
  limitPercent,
  limitsFor,
  measureOf,
  usualPercent,
  withLimitPercent,
} from '@/components/canary/workbench/limits.view';
import type { MetricProps } from '@/components/canary/workbench/metric-fields';
import { NumberField } from '@/components/canary/workbench/number-field';
import { useJudgeName, useReadsMore, useWorkbench } from '@/components/canary/workbench/workbench-context';
import { Select } from '@/components/ui/select';

/** Which change is a bad one, and from which size on. */
export function LimitFields({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.limits');
  const { config, put } = useWorkbench();
  const analysis = analysisOf(metric);
  const direction = directionOf(analysis);
  const { negligible } = analysis.effectSize ?? {};
  const readsMore = useReadsMore();
  const asksForHarmless = direction !== 'decrease' && (readsMore || negligible !== undefined);
  const path = `metrics.${index}.analysisConfigurations.canary`;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <ConfigField path={`${path}.direction`} label={t('direction')}>
        {(aria, readOnly) => (
          <Select
            {...aria}
            className="w-full"
            disabled={readOnly}
            value={direction}
            onValueChange={(next) =>
              put(withMetric(config, index, withAnalysis(metric, { direction: next })))
            }
            options={DIRECTIONS.map((each) => ({ value: each, label: t(`directions.${each}`) }))}
          />
        )}
      </ConfigField>
      {limitsFor(direction, 'allowed').map((limit) => (
        <LimitField key={limit} {...{ metric, index, limit }} />
      ))}
      {asksForHarmless ? (
        <NumberField
          path={`${path}.effectSize.negligible`}
          label={t('negligible')}
          hint={t('negligibleHint')}
          value={negligible ?? null}
          onChange={(next) => put(withMetric(config, index, withEffect(metric, { negligible: next })))}
        />
      ) : null}
      {analysis.critical === true
        ? limitsFor(direction, 'critical').map((limit) => (
            <LimitField key={limit} {...{ metric, index, limit }} />
          ))
        : null}
    </div>
  );
}

function LimitField({ metric, index, limit }: MetricProps & { readonly limit: Limit }) {
  const t = useTranslations('workbench.limits');
  const { config, put } = useWorkbench();
  const judge = useJudgeName();
  const analysis = analysisOf(metric);
  const measure = measureOf(analysis);
  return (
    <NumberField
      path={`metrics.${index}.analysisConfigurations.canary.effectSize.${limit}`}
      label={t(`${measure}.${limit}`)}
      value={limitPercent(analysis, limit)}
      {...(limit.startsWith('allowed')
        ? { usual: usualPercent(judge, measure, limit) }
        : { hint: t('criticalHint') })}
      unit="%"
      min={0}
      onChange={(percent) => put(withMetric(config, index, withLimitPercent(metric, limit, percent)))}
    />
  );
}
