'use client';

import { useTranslations } from 'use-intl';
import { outlookOf, percentOf } from '@/components/canary/workbench/try.view';
import { Shape } from '@/components/status/shape';
import { cn } from '@/components/ui/cn';
import { durationParts } from '@/components/ui/time.view';
import type { MetricAssessment } from '@/server/domain/canary';

interface OutlookProps {
  readonly assessment: MetricAssessment;
  readonly stepMs: number;
}

/** Whether a window like this could tell the change that is asked for, and how long one would have to be. */
export function Outlook({ assessment, stepMs }: OutlookProps) {
  const t = useTranslations('workbench.outlook');
  const time = useTranslations('common.time');
  const { state, detectable, limit, neededMs } = outlookOf(assessment, stepMs);
  if (state === 'unknown') return <p className="text-muted text-sm">{t('unknown')}</p>;
  const { experiment, control } = assessment;
  const duration = neededMs === null ? null : durationParts(neededMs, false);
  return (
    <div
      className={cn(
        'flex gap-2 rounded-md px-3 py-2 text-sm',
        state === 'short' ? 'bg-caution-soft text-caution-ink' : 'bg-sunken',
      )}
    >
      {state === 'short' ? <Shape name="triangle" tone="caution" className="mt-1" /> : null}
      {state === 'enough' ? <Shape name="check" tone="clear" className="mt-1" /> : null}
      <div className="min-w-0">
        {detectable === null ? null : (
          <p>{t(detectable < 0 ? 'catchesFall' : 'catchesRise', { percent: percentOf(detectable) })}</p>
        )}
        {state === 'short' && limit !== null ? (
          <p className="font-medium">
            {duration
              ? t('measureFor', { percent: percentOf(limit), duration: time(duration.key, duration.values) })
              : t('never', { percent: percentOf(limit) })}
          </p>
        ) : null}
        <p className="text-xs">
          {t('samples', {
            baseline: control.used,
            canary: experiment.used,
            expected: Math.max(control.expected, experiment.expected),
          })}
        </p>
      </div>
    </div>
  );
}
