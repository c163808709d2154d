'use client';

import { useTranslations } from 'use-intl';
import { analysisOf, withAnalysis, withMetric } from '@/components/canary/workbench/config.view';
import { ConfigField } from '@/components/canary/workbench/config-field';
import { MEASURES, measureOf, withMeasure } from '@/components/canary/workbench/limits.view';
import type { MetricProps } from '@/components/canary/workbench/metric-fields';
import { NumberField } from '@/components/canary/workbench/number-field';
import { useWorkbench } from '@/components/canary/workbench/workbench-context';
import { Select } from '@/components/ui/select';
import type { CanaryMetric } from '@/server/domain/canary';

const NAN_STRATEGIES = ['remove', 'replace'] as const;
const OUTLIER_STRATEGIES = ['keep', 'remove'] as const;
/** The judges' own. */
const USUAL_FACTOR = 3;

/** How gaps and outliers are treated, and by what the sides are compared. */
export function SampleFields({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.sample');
  const { config, put } = useWorkbench();
  const analysis = analysisOf(metric);
  const { outliers } = analysis;
  const set = (next: CanaryMetric) => put(withMetric(config, index, next));
  const path = `metrics.${index}.analysisConfigurations.canary`;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        path={`${path}.nanStrategy`}
        label={t('nan')}
        value={analysis.nanStrategy === 'replace' ? 'replace' : 'remove'}
        options={NAN_STRATEGIES.map((value) => ({ value, label: t(`nanStrategies.${value}`) }))}
        onChange={(nanStrategy) => set(withAnalysis(metric, { nanStrategy }))}
      />
      <Choice
        path={`${path}.effectSize.measure`}
        label={t('measure')}
        value={measureOf(analysis)}
        options={MEASURES.map((value) => ({ value, label: t(`measures.${value}`) }))}
        onChange={(next) => set(withMeasure(metric, next === 'cles' ? 'cles' : 'meanRatio'))}
      />
      <Choice
        path={`${path}.outliers.strategy`}
        label={t('outliers')}
        value={outliers?.strategy === 'remove' ? 'remove' : 'keep'}
        options={OUTLIER_STRATEGIES.map((value) => ({ value, label: t(`outlierStrategies.${value}`) }))}
        onChange={(strategy) =>
          set(withAnalysis(metric, { outliers: strategy === 'keep' ? undefined : { ...outliers, strategy } }))
        }
      />
      {outliers?.strategy === 'remove' ? (
        <NumberField
          path={`${path}.outliers.outlierFactor`}
          label={t('factor')}
          hint={t('factorHint')}
          value={outliers.outlierFactor ?? null}
          usual={USUAL_FACTOR}
          min={0}
          onChange={(outlierFactor) =>
            set(withAnalysis(metric, { outliers: { ...outliers, outlierFactor } }))
          }
        />
      ) : null}
    </div>
  );
}

interface ChoiceProps {
  readonly path: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ path, label, value, options, onChange }: ChoiceProps) {
  return (
    <ConfigField path={path} label={label}>
      {(aria, readOnly) => (
        <Select
          {...aria}
          className="w-full"
          disabled={readOnly}
          value={value}
          onValueChange={onChange}
          options={options}
        />
      )}
    </ConfigField>
  );
}
