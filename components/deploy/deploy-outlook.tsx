'use client';

import { Globe, RefreshCw, Route, TriangleAlert, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { DeployOutlook } from '@/components/deploy/deploy.view';
import type { EnvironmentView } from '@/server/domain/views/application';

interface DeployOutlookListProps {
  readonly where: EnvironmentView;
  readonly outlook: DeployOutlook;
  readonly again: boolean;
}

/** What pressing the button sets in motion. */
export function DeployOutlookList({ where, outlook, again }: DeployOutlookListProps) {
  const t = useTranslations('deploy');
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
          {where.serverless
            ? t('regionsServerless', { regions: where.regions.join(', ') })
            : t('regions', { regions: where.regions.join(', '), instances: where.capacity.desired })}
        </Line>
        {again ? <Line icon={<RefreshCw aria-hidden />}>{t('again')}</Line> : null}
      </ul>
    </section>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2.5 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted">
      {icon}
      <span>{children}</span>
    </li>
  );
}
