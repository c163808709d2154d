'use client';

import { useTranslations } from 'use-intl';
import {
  analysisOf,
  readGroups,
  renameMetric,
  withAnalysis,
  withMetric,
} from '@/components/canary/workbench/config.view';
import { ConfigField } from '@/components/canary/workbench/config-field';
import { Fold } from '@/components/canary/workbench/fold';
import { LimitFields } from '@/components/canary/workbench/limit-fields';
import { PolicyFields } from '@/components/canary/workbench/policy-fields';
import { QueryFields } from '@/components/canary/workbench/query-fields';
import { SampleFields } from '@/components/canary/workbench/sample-fields';
import { useReadsMore, useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import { SettledInput } from '@/components/editor/form/simple-controls';
import { issuesAt } from '@/components/editor/issues.view';
import { Checkbox } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { type CanaryMetric, METRIC_KINDS, metricKindSchema } from '@/server/domain/canary';

export interface MetricProps {
  readonly metric: CanaryMetric;
  /** In the configuration. */
  readonly index: number;
}

interface MetricFieldsProps extends MetricProps {
  readonly onRenamed: (from: string, to: string) => void;
}

/** Everything about one metric: what it is, what is asked, and how much of a change is too much. */
export function MetricFields({ metric, index, onRenamed }: MetricFieldsProps) {
  const t = useTranslations('workbench.metric');
  const { config, put } = useWorkbench();
  const readsMore = useReadsMore();
  const path = `metrics.${index}`;
  const set = (next: CanaryMetric) => put(withMetric(config, index, next));
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <ConfigField path={`${path}.name`} label={t('name')} required>
          {(aria) => (
            <SettledInput
              aria={aria}
              value={metric.name}
              onSettle={(name) => {
                onRenamed(metric.name, name);
                put(renameMetric(config, index, name));
              }}
            />
          )}
        </ConfigField>
        <ConfigField path={`${path}.groups`} label={t('groups')} hint={t('groupsHint')}>
          {(aria) => (
            <SettledInput
              aria={aria}
              value={metric.groups.join(', ')}
              onSettle={(text) => set({ ...metric, groups: readGroups(text) })}
            />
          )}
        </ConfigField>
        {readsMore || metric.kind !== undefined ? <KindField {...{ metric, index }} /> : null}
        {readsMore || metric.traffic !== undefined ? <TrafficField {...{ metric, index }} /> : null}
      </div>
      <QueryFields {...{ metric, index }} />
      <LimitFields {...{ metric, index }} />
      <Flags {...{ metric, index }} />
      <Fold title={t('sample')} path={`${path}.analysisConfigurations.canary.outliers`}>
        <SampleFields {...{ metric, index }} />
      </Fold>
      {readsMore ? (
        <Fold title={t('policies')} path={`${path}.analysisConfigurations.canary.on`}>
          <PolicyFields
            value={analysisOf(metric)}
            path={`${path}.analysisConfigurations.canary`}
            usual={() => t('asAll')}
            onChange={(change) => set(withAnalysis(metric, change))}
          />
        </Fold>
      ) : null}
    </div>
  );
}

function KindField({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.metric');
  const { config, put } = useWorkbench();
  return (
    <ConfigField path={`metrics.${index}.kind`} label={t('kind')}>
      {(aria, readOnly) => (
        <Select
          {...aria}
          className="w-full"
          disabled={readOnly}
          value={metric.kind ?? 'gauge'}
          onValueChange={(next) =>
            put(withMetric(config, index, { ...metric, kind: metricKindSchema.safeParse(next).data }))
          }
          options={METRIC_KINDS.map((kind) => ({
            value: kind,
            label: t(`kinds.${kind}`),
            hint: t(`kindHints.${kind}`),
          }))}
        />
      )}
    </ConfigField>
  );
}

/** Radix has no value for "nothing chosen"; no metric has this name. */
const NONE = '__none';

function TrafficField({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.metric');
  const { config, put } = useWorkbench();
  if (metric.kind !== 'ratio') return null;
  const others = config.metrics.map(({ name }) => name).filter((name) => name !== metric.name);
  const names = new Set([...others, ...(metric.traffic === undefined ? [] : [metric.traffic])]);
  return (
    <ConfigField path={`metrics.${index}.traffic`} label={t('traffic')} hint={t('trafficHint')}>
      {(aria, readOnly) => (
        <Select
          {...aria}
          className="w-full"
          disabled={readOnly}
          value={metric.traffic ?? NONE}
          onValueChange={(next) =>
            put(withMetric(config, index, { ...metric, traffic: next === NONE ? undefined : next }))
          }
          options={[
            { value: NONE, label: t('noTraffic') },
            ...[...names].filter(Boolean).map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
    </ConfigField>
  );
}

const FLAGS = ['critical', 'mustHaveData', 'muted'] as const;

function Flags({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.metric');
  const { config, put } = useWorkbench();
  const { readOnly, issues } = useForm();
  const path = `metrics.${index}.analysisConfigurations.canary`;
  return (
    <div className="grid gap-x-4 gap-y-2 sm:grid-cols-3">
      {FLAGS.map((flag) => {
        const problems = issuesAt(issues, `${path}.${flag}`);
        return (
          <div key={flag} data-path={`${path}.${flag}`}>
            <label className="flex cursor-pointer items-start gap-2 text-sm">
              <Checkbox
                className="mt-0.5"
                disabled={readOnly}
                aria-invalid={problems.length > 0 || undefined}
                checked={analysisOf(metric)[flag] === true}
                onCheckedChange={(on) =>
                  put(
                    withMetric(
                      config,
                      index,
                      withAnalysis(metric, { [flag]: on === true ? true : undefined }),
                    ),
                  )
                }
              />
              <span className="min-w-0">
                {t(`flags.${flag}`)}
                <span className="block text-muted text-xs">{t(`flagHints.${flag}`)}</span>
              </span>
            </label>
            {problems.map(({ message }) => (
              <p key={message} className="text-danger-ink text-xs">
                {message}
              </p>
            ))}
          </div>
        );
      })}
    </div>
  );
}
