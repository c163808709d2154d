'use client';

import { useTranslations } from 'use-intl';
import { HEALTH_LOOK } from '@/components/status/status.view';
import type { InstanceHealth } from '@/server/domain/inventory';

/** Says how an instance was when its account was last seen. */
export function useLastSeen(): (health: InstanceHealth) => string {
  const t = useTranslations('clusters');
  const words = useTranslations('status');
  return (health) => t('healthLastSeen', { health: words(HEALTH_LOOK[health].messageKey) });
}
