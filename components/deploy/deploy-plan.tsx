'use client';

import { CircleSlash, Clock, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { type RegionSteps, stepsByRegion } from '@/components/deploy/deploy.view';
import { useMessage } from '@/components/i18n/provider';
import { Badge } from '@/components/ui/badge';
import type { Message } from '@/server/domain/message';
import type { StagePreview, StepPreview } from '@/server/domain/views/execution';

/** What the stages of the pipeline would do, in the words in which they are shown once they run. */
export function DeployPlan({ stages }: { readonly stages: readonly StagePreview[] }) {
  const t = useTranslations('deploy.preview');
  const several = new Set(stages.flatMap(({ environment }) => environment ?? [])).size > 1;
  return (
    <section aria-label={t('plan')} className="flex flex-col gap-2">
      <h3 className="font-semibold text-muted text-xs">{t('plan')}</h3>
      <ol className="flex flex-col gap-3">
        {stages.map((stage) => (
          <StagePlan key={stage.refId} stage={stage} placed={several} />
        ))}
      </ol>
      <p className="text-muted text-xs">{t('again')}</p>
    </section>
  );
}

function StagePlan({
  stage: { name, environment, steps, regionsAtOnce, refusal, later },
  placed,
}: {
  readonly stage: StagePreview;
  /** Says which environment it is for. */
  readonly placed: boolean;
}) {
  const t = useTranslations('deploy.preview');
  const say = useMessage();
  const regions = stepsByRegion(steps ?? []);
  return (
    <li className="flex min-w-0 flex-col gap-1.5 rounded-md border px-3 py-2 text-sm">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        {name}
        {placed && environment !== null ? <Badge>{environment}</Badge> : null}
      </p>
      {refusal ? <Refusal why={refusal} /> : null}
      {later ? (
        <p className="flex gap-2 text-muted [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
          <Clock aria-hidden />
          {say(later)}
        </p>
      ) : null}
      {regions.length > 1 ? (
        <p className="text-muted text-xs">{t(regionsAtOnce ? 'atOnce' : 'inTurn')}</p>
      ) : null}
      {regions.map((region) => (
        <RegionPlan key={region.region ?? ''} region={region} titled={regions.length > 1} />
      ))}
    </li>
  );
}

function RegionPlan({ region: { region, steps }, titled }: { region: RegionSteps; titled: boolean }) {
  return (
    <div className="min-w-0">
      {titled && region !== null ? <h4 className="text-muted text-xs">{region}</h4> : null}
      <ol className="list-decimal pl-5 marker:text-muted marker:tabular-nums">
        {steps.map((step, index) => (
          <Step key={`${index} ${step.type}`} step={step} />
        ))}
      </ol>
    </div>
  );
}

function Step({ step: { type, name, instances, refusal, warning } }: { readonly step: StepPreview }) {
  const t = useTranslations('deploy.preview');
  const say = useMessage();
  return (
    <li className="break-words py-0.5">
      {say(name)}
      {type === 'createServerGroup' && instances !== null ? (
        <span className="text-muted"> · {t('instances', { count: instances })}</span>
      ) : null}
      {refusal ? <Refusal why={refusal} /> : null}
      {warning ? (
        <p className="flex gap-2 text-caution-ink [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
          <TriangleAlert aria-hidden />
          {say(warning)}
        </p>
      ) : null}
    </li>
  );
}

function Refusal({ why }: { readonly why: Message }) {
  const t = useTranslations('deploy.preview');
  const say = useMessage();
  return (
    <p role="alert" className="flex gap-2 text-danger-ink [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
      <CircleSlash aria-hidden />
      {t('would', { why: say(why) })}
    </p>
  );
}
