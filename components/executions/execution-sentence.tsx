'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import { type Aside, bannerOf } from '@/components/executions/execution.view';
import { useMessage } from '@/components/i18n/provider';
import { Shape } from '@/components/status/shape';
import { EXECUTION_LOOK, executionState } from '@/components/status/status.view';
import { cn } from '@/components/ui/cn';
import { Countdown } from '@/components/ui/time';
import { TONE_SOFT } from '@/components/ui/tone';
import type { ExecutionView } from '@/server/domain/views/execution';

/** The one sentence on top: what it is doing, and until when. Spoken when it changes; the countdown is not. */
export function ExecutionSentence({ execution }: { execution: ExecutionView }) {
  const t = useTranslations('executions');
  const say = useMessage();
  const look = EXECUTION_LOOK[executionState(execution.status, execution.waitingForPerson)];
  const { until, reason, asides } = bannerOf(execution);
  return (
    <div className={cn('flex items-start gap-3 rounded-lg px-4 py-3', TONE_SOFT[look.tone])}>
      <Shape name={look.shape} tone={look.tone} className="mt-1.5 size-3.5" />
      <div className="min-w-0 flex-1 text-lg leading-6 [overflow-wrap:anywhere]">
        <p aria-live="polite" aria-label={t('sentenceLabel')} className="inline font-medium">
          {say(execution.sentence)}
        </p>
        {until ? (
          <span className="ml-2 whitespace-nowrap text-sm opacity-85">
            {t.rich('endsIn', { time: () => <Countdown until={until} /> })}
          </span>
        ) : null}
        {reason && say(reason) !== say(execution.sentence) ? <p className="text-sm">{say(reason)}</p> : null}
        {asides.length > 0 ? <Asides asides={asides} /> : null}
      </div>
    </div>
  );
}

/** So many others are told with their reason; of the rest the name is enough to get there. */
const TOLD = 3;
const NAMED = 12;

function Asides({ asides }: { asides: readonly Aside[] }) {
  const t = useTranslations('executions');
  const say = useMessage();
  const named = asides.slice(TOLD, TOLD + NAMED);
  return (
    <div className="mt-2 border-current/20 border-t pt-2 text-sm leading-5">
      <ul aria-label={t('asides.label')} className="flex flex-col gap-1.5">
        {asides.slice(0, TOLD).map(({ refId, sentence, reason }) => (
          <li key={refId}>
            <StageLink refId={refId} text={say(sentence)} />
            {reason ? (
              <p title={say(reason)} className="line-clamp-2">
                {say(reason)}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      {named.length > 0 ? (
        <p className="mt-1.5 flex flex-wrap gap-x-3">
          {t('asides.more', { count: asides.length - TOLD })}
          {named.map(({ refId, name }) => (
            <StageLink key={refId} refId={refId} text={name} />
          ))}
        </p>
      ) : null}
    </div>
  );
}

/** Opens the details of a stage where they stand. */
function StageLink({ refId, text }: { readonly refId: string; readonly text: string }) {
  const [, setStage] = useQueryState('stage', parseAsString);
  return (
    <button
      type="button"
      onClick={() => void setStage(refId)}
      className="rounded-sm text-left font-medium underline decoration-current/40 underline-offset-4 hover:decoration-current"
    >
      {text}
    </button>
  );
}
