'use client';

import { Globe, RefreshCw, Route, TriangleAlert, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { DeployOutlook } from '@/components/deploy/deploy.view';
import { Badge } from '@/components/ui/badge';
import type { EnvironmentView } from '@/server/domain/views/application';

interface DeployOutlookListProps {
  readonly where: EnvironmentView;
  readonly outlook: DeployOutlook;
  readonly again: boolean;
}

/** What pressing the button sets in motion. */
export function DeployOutlookList({ where, outlook, again }: DeployOutlookListProps) {
  const t = useTranslations('deploy');
  const { reach } = outlook;
  return (
    <section aria-label={t('what')}>
      <h3 className="mb-2 font-semibold text-muted text-xs">{t('what')}</h3>
      <ul className="flex flex-col gap-2 text-sm">
        <Line icon={<Workflow aria-hidden />}>
          {t('pipeline', { pipeline: where.pipeline })}{' '}
          {t('stages', { count: outlook.stages.length, names: outlook.stages.join(' → ') })}
        </Line>
        <Line icon={outlook.gated ? <TriangleAlert aria-hidden /> : <Route aria-hidden />}>
          {t(outlook.gated ? 'gate' : 'noGate')}
        </Line>
        <Line icon={<Globe aria-hidden />}>
          {reach.length > 1 ? <Reach places={reach} /> : <OnlyPlace place={reach[0] ?? where} />}
        </Line>
        {again ? (
          <Line icon={<RefreshCw aria-hidden />}>
            {reach.length > 1 ? t('several.again', { environment: where.name }) : t('again')}
          </Line>
        ) : null}
      </ul>
    </section>
  );
}

function OnlyPlace({ place }: { place: EnvironmentView }) {
  const t = useTranslations('deploy');
  return place.serverless
    ? t('regionsServerless', { regions: place.regions.join(', ') })
    : t('regions', sizeOf(place));
}

/** Each environment with its account, regions and size. */
function Reach({ places }: { places: readonly EnvironmentView[] }) {
  const t = useTranslations('deploy.several');
  return (
    <>
      {t('reaches', { count: places.length })}
      <ul className="mt-1.5 flex flex-col gap-1.5">
        {places.map((place) => (
          <li key={place.name} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <Badge>{place.name}</Badge>
            <span className="text-muted">{place.account}</span>
            <span className="min-w-0 break-words">
              {place.serverless
                ? t('placeServerless', { regions: place.regions.join(', ') })
                : t('place', sizeOf(place))}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function sizeOf({ regions, capacity }: EnvironmentView) {
  return { regions: regions.join(', '), count: regions.length, instances: capacity.desired };
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2.5 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted">
      {icon}
      <div className="min-w-0">{children}</div>
    </li>
  );
}
