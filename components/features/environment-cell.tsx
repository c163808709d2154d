'use client';

import { OctagonX, TrendingUp } from 'lucide-react';
import Link from 'next/link';
import { useTimeZone, useTranslations } from 'use-intl';
import { ServingBadge } from '@/components/features/environment-state';
import { rampWords } from '@/components/features/ramp.view';
import { ShareBar } from '@/components/features/share-bar';
import { useMessage } from '@/components/i18n/provider';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Switch } from '@/components/ui/field';
import { RelativeTime } from '@/components/ui/time';
import type { Message } from '@/server/domain/message';
import type { RampView, ToggleEnvironmentSummary, ToggleSummary } from '@/server/domain/views/toggles';

export interface FeatureAct {
  readonly kind: 'switch' | 'kill';
  readonly feature: ToggleSummary;
  readonly environment: ToggleEnvironmentSummary;
}

interface EnvironmentCellProps {
  readonly feature: ToggleSummary;
  readonly environment: ToggleEnvironmentSummary;
  readonly mayWrite: boolean;
  readonly onAct: (act: FeatureAct) => void;
}

/** A feature in one environment: its switch, what it serves, how much it is used, and who touched it last. */
export function EnvironmentCell({ feature, environment, mayWrite, onAct }: EnvironmentCellProps) {
  const t = useTranslations('features');
  const render = useMessage();
  const names = { name: feature.name, environment: environment.environment };
  return (
    <div className="flex min-w-0 flex-col gap-1.5 rounded-md border bg-canvas px-3 py-2">
      <div className="flex min-h-8 items-center gap-2">
        <EnvironmentSwitch
          {...{ environment, mayWrite, names }}
          onPress={() => onAct({ kind: 'switch', feature, environment })}
        />
        <ServingBadge serving={environment} />
        {environment.on && mayWrite ? (
          <Button
            size="sm"
            variant="dangerOutline"
            className="ml-auto"
            aria-label={t('kill.label', names)}
            onClick={() => onAct({ kind: 'kill', feature, environment })}
          >
            <OctagonX aria-hidden />
            {t('kill.short')}
          </Button>
        ) : null}
      </div>
      <p className="text-sm">{render(environment.sentence)}</p>
      {environment.shares && environment.shares.length > 1 ? <ShareBar shares={environment.shares} /> : null}
      {environment.ramp ? <RampLine ramp={environment.ramp} /> : null}
      {environment.next ? <NextChange className="text-xs" sentence={environment.next.sentence} /> : null}
      <p className="text-muted text-xs">
        {t('evaluations', { count: environment.evaluations })} ·{' '}
        {t('changedBy', { by: environment.updatedBy })} <RelativeTime at={environment.updatedAt} />
      </p>
      {environment.openRequest ? <WaitingBadge request={environment.openRequest} /> : null}
    </div>
  );
}

/** How far the ramp is that runs here, with the way to it. */
function RampLine({ ramp }: { ramp: RampView }) {
  const t = useTranslations('features.ramp');
  const { variant, step, steps, percent, executionId } = ramp;
  return (
    <p className="flex gap-1.5 text-accent-ink text-xs">
      <TrendingUp aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <Link href={`/executions/${executionId}`} className="underline-offset-2 hover:underline">
        {t(`now.${rampWords(ramp).now}`, { variant, step, steps, percent: percent ?? 0 })}
      </Link>
    </p>
  );
}

/** What the clock does next, with the time zone in which its time is said. */
export function NextChange({ sentence, className }: { sentence: Message; className?: string }) {
  const render = useMessage();
  return (
    <p className={cn('text-caution-ink', className)}>
      {render(sentence)} <span className="text-muted">({useTimeZone()})</span>
    </p>
  );
}

interface EnvironmentSwitchProps {
  readonly environment: ToggleEnvironmentSummary;
  readonly mayWrite: boolean;
  readonly names: { readonly name: string; readonly environment: string };
  readonly onPress: () => void;
}

/** The switch with the name of its environment, which is pressed as well. */
export function EnvironmentSwitch({ environment, mayWrite, names, onPress }: EnvironmentSwitchProps) {
  const t = useTranslations('features');
  return (
    <label
      className="inline-flex min-h-8 cursor-pointer items-center gap-2 font-semibold text-sm"
      title={mayWrite ? undefined : t('notAllowed')}
    >
      <Switch
        aria-label={t('switch.label', names)}
        checked={environment.on}
        disabled={!mayWrite}
        onCheckedChange={onPress}
      />
      {environment.environment}
    </label>
  );
}

/** Says that a change waits for another person. */
export function WaitingBadge({ request }: { request: string }) {
  const t = useTranslations('features');
  return (
    <Badge tone="caution" className="self-start">
      <span aria-hidden>▲</span>
      <Link
        href={`/features?view=requests&request=${request}`}
        className="underline-offset-2 hover:underline"
      >
        {t('requestWaits')}
      </Link>
    </Badge>
  );
}
