'use client';

import { useTranslations } from 'use-intl';
import type { ExecutionSummary } from '@/server/domain/views/execution';

type Named = Pick<ExecutionSummary, 'application' | 'pipeline' | 'ramp'>;

/** What an execution is called where there is room for a line: a ramp by what it raises, all others by their pipeline. */
export function useExecutionName(): (execution: Named) => string {
  const t = useTranslations('executions');
  return ({ application, pipeline, ramp }) =>
    ramp
      ? t('ramp', { name: ramp.name, environment: ramp.environment })
      : t('heading', { application, pipeline });
}
