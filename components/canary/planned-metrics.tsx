'use client';

import { useTranslations } from 'use-intl';
import { Badge } from '@/components/ui/badge';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import type { CanaryConfig } from '@/server/domain/canary';

/** Before the first look: what is going to be compared. */
export function PlannedMetrics({ config }: { config: CanaryConfig }) {
  const t = useTranslations('canary');
  return (
    <Card aria-label={t('planned.title')} className="overflow-hidden">
      <CardHeader>
        <CardTitle>{t('planned.title')}</CardTitle>
      </CardHeader>
      <ul className="scroll-slim max-h-96 divide-y overflow-y-auto">
        {config.metrics.map(({ name, groups, analysisConfigurations: { canary } }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
            <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
            {canary?.critical ? <Badge tone="danger">{t('metrics.critical')}</Badge> : null}
            {canary?.muted ? <Badge>{t('metrics.muted')}</Badge> : null}
            <span className="ml-auto text-muted text-xs">{groups.join(', ')}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
