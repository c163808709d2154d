'use client';

import { ChevronDown, OctagonX, TrendingUp } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { EnvironmentSwitch, NextChange, WaitingBadge } from '@/components/features/environment-cell';
import { ServingBadge } from '@/components/features/environment-state';
import { canComeOn } from '@/components/features/features.view';
import { FreezeNotes } from '@/components/features/freeze-notes';
import { KillDialog } from '@/components/features/kill-dialog';
import { RampDialog } from '@/components/features/ramp-dialog';
import { RampNow } from '@/components/features/ramp-now';
import { ShareBar } from '@/components/features/share-bar';
import { SwitchDialog } from '@/components/features/switch-dialog';
import { useMessage } from '@/components/i18n/provider';
import { useMay } from '@/components/nav/use-me';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/time';
import type { ToggleEnvironmentView, ToggleView } from '@/server/domain/views/toggles';

interface EnvironmentCardProps {
  readonly feature: ToggleView;
  readonly environment: ToggleEnvironmentView;
  /** Whether it is open to be changed. */
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

/** One environment of a feature: switch, kill, what is served and why. */
export function EnvironmentCard({ feature, environment, isOpen, onToggle, children }: EnvironmentCardProps) {
  const t = useTranslations('features');
  const mayWrite = useMay('toggle.write');
  const [act, setAct] = useState<'switch' | 'kill' | 'ramp' | null>(null);
  const names = { name: feature.name, environment: environment.environment };
  return (
    // Clipped, not hidden: the bar to save sticks to the window and not to the card.
    <Card aria-label={environment.environment} className="overflow-clip">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-3">
        <EnvironmentSwitch {...{ environment, mayWrite, names }} onPress={() => setAct('switch')} />
        <ServingBadge serving={environment} />
        {environment.requiresReview ? <Badge>{t('reviewed')}</Badge> : null}
        {canComeOn(environment) && mayWrite ? (
          <Button
            size="sm"
            variant="dangerOutline"
            className="ml-auto"
            aria-label={t('kill.label', names)}
            onClick={() => setAct('kill')}
          >
            <OctagonX aria-hidden />
            {t('kill.short')}
          </Button>
        ) : null}
      </div>
      <EnvironmentFacts {...{ feature, environment, mayWrite }} />
      <div className="flex flex-wrap gap-2 border-t px-4 py-2">
        <Button variant="ghost" size="sm" aria-expanded={isOpen} onClick={onToggle}>
          <ChevronDown aria-hidden className={isOpen ? 'rotate-180' : undefined} />
          {mayWrite ? t('editor.open', names) : t('editor.look', names)}
        </Button>
        {mayWrite && canRamp(feature) && environment.ramp === null ? (
          <Button variant="ghost" size="sm" onClick={() => setAct('ramp')}>
            <TrendingUp aria-hidden />
            {t('ramp.open', names)}
          </Button>
        ) : null}
      </div>
      {children}
      {act === 'switch' ? <SwitchDialog {...{ feature, environment }} onClose={() => setAct(null)} /> : null}
      {act === 'kill' ? (
        <KillDialog feature={feature} environment={environment.environment} onClose={() => setAct(null)} />
      ) : null}
      {act === 'ramp' ? <RampDialog {...{ feature, environment }} onClose={() => setAct(null)} /> : null}
    </Card>
  );
}

/** It runs as an execution of the application, and needs somewhere to rise from. */
function canRamp({ application, variants }: ToggleView): boolean {
  return application !== null && Object.keys(variants).length > 1;
}

type FactsProps = Pick<EnvironmentCardProps, 'feature' | 'environment'> & { readonly mayWrite: boolean };

function EnvironmentFacts({ feature, environment, mayWrite }: FactsProps) {
  const t = useTranslations('features');
  const render = useMessage();
  const { definition, next, shares, openRequest, lastEvaluatedAt } = environment;
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <p className="text-base">{render(environment.sentence)}</p>
      {shares ? <ShareBar shares={shares} variants={Object.keys(feature.variants)} /> : null}
      {environment.ramp ? (
        <RampNow {...{ feature, mayWrite }} environment={environment.environment} ramp={environment.ramp} />
      ) : null}
      <FreezeNotes freezes={environment.freezes} />
      {next ? <NextChange className="text-sm" sentence={next.sentence} /> : null}
      <ul className="text-muted text-sm">
        {definition.prerequisites.map(({ toggle, variants }) => (
          <li key={toggle}>{t('needs', { feature: toggle, variants: variants.join(', ') })}</li>
        ))}
        {definition.versionRequirement ? (
          <li>
            {t('onlyWhere', {
              application: definition.versionRequirement.application,
              version: definition.versionRequirement.minimum,
            })}
          </li>
        ) : null}
      </ul>
      <p className="text-muted text-xs">
        {t('evaluations', { count: environment.evaluations })} ·{' '}
        {lastEvaluatedAt ? (
          <>
            {t('lastEvaluated')} <RelativeTime at={lastEvaluatedAt} />
          </>
        ) : (
          t('neverEvaluated')
        )}{' '}
        · {t('changedBy', { by: environment.updatedBy })} <RelativeTime at={environment.updatedAt} />
      </p>
      {openRequest ? <WaitingBadge request={openRequest} /> : null}
    </div>
  );
}
