'use client';

import { useTranslations } from 'use-intl';
import { nextDeadline } from '@/components/executions/execution.view';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { EXECUTION_LOOK, executionState } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { Countdown } from '@/components/ui/time';
import { TONE_SOFT } from '@/components/ui/tone';
import { isComplete } from '@/server/domain/status';
import type { ExecutionView } from '@/server/domain/views/execution';

/** The one sentence on top: what it is doing, and until when. Spoken when it changes; the countdown is not. */
export function ExecutionSentence({ execution }: { execution: ExecutionView }) {
  const t = useTranslations('executions');
  const say = useMessage();
  const look = EXECUTION_LOOK[executionState(execution.status, execution.waitingForPerson)];
  const until = isComplete(execution.status) ? null : nextDeadline(execution.waitingFor);
  return (
    <div className={cn('flex items-start gap-3 rounded-lg px-4 py-3', TONE_SOFT[look.tone])}>
      <Shape name={look.shape} tone={look.tone} className="mt-1.5 size-3.5" />
      <div className="min-w-0 flex-1 text-lg leading-6">
        <p aria-live="polite" aria-label={t('sentenceLabel')} className="inline font-medium">
          {say(execution.sentence)}
        </p>
        {execution.error && say(execution.error) !== say(execution.sentence) ? (
          <p className="text-sm">{say(execution.error)}</p>
        ) : null}
        {until ? (
          <span className="ml-2 whitespace-nowrap text-sm opacity-85">
            {t.rich('endsIn', { time: () => <Countdown until={until} /> })}
          </span>
        ) : null}
      </div>
    </div>
  );
}
