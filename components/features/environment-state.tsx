'use client';

import { CircleCheck, CircleSlash, Hourglass } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Badge } from '@/components/ui/badge';
import type { ToggleServing } from '@/server/domain/views/toggles';

/** On, off or held, in shape, word and colour. */
export function ServingBadge({ serving }: { serving: Pick<ToggleServing, 'on' | 'held'> }) {
  const t = useTranslations('features.state');
  if (!serving.on || serving.held === 'off' || serving.held === 'expired') {
    return (
      <Badge tone="off">
        <CircleSlash aria-hidden className="size-3" />
        {serving.held === 'expired' ? t('expired') : t('off')}
      </Badge>
    );
  }
  if (serving.held !== null) {
    return (
      <Badge tone="caution">
        <Hourglass aria-hidden className="size-3" />
        {t('waits')}
      </Badge>
    );
  }
  return (
    <Badge tone="clear">
      <CircleCheck aria-hidden className="size-3" />
      {t('on')}
    </Badge>
  );
}
