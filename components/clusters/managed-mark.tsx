'use client';

import { Lock } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Badge } from '@/components/ui/badge';
import { Tooltip } from '@/components/ui/tooltip';
import type { ServerGroup } from '@/server/domain/inventory';

type Owner = NonNullable<ServerGroup['managedBy']>;

/** Who keeps what is shown here, and so why nothing here changes it. */
export function ManagedMark({ owner }: { owner: Owner }) {
  const t = useTranslations('clusters');
  return (
    <Tooltip content={t('managedHint', { ...owner })}>
      {/* Reached by the keyboard too, for the reason is said nowhere else. */}
      <span tabIndex={0} className="min-w-0 rounded-sm">
        <Badge className="max-w-full">
          <Lock aria-hidden className="size-3 shrink-0" />
          <span className="truncate">{t('managedBy', { ...owner })}</span>
        </Badge>
      </span>
    </Tooltip>
  );
}
