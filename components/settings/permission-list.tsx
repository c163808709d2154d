'use client';

import { useTranslations } from 'use-intl';
import { permissionKey } from '@/components/settings/settings.view';
import { Badge } from '@/components/ui/badge';
import { PERMISSIONS, type Permission } from '@/server/domain/roles';

/** Permissions in plain words; all of them in one. */
export function PermissionList({ permissions }: { permissions: readonly Permission[] }) {
  const t = useTranslations('settings.permissions');
  if (permissions.length === PERMISSIONS.length) return <Badge tone="caution">{t('all')}</Badge>;
  return (
    <span className="flex flex-wrap gap-1">
      {permissions.map((permission) => (
        <Badge key={permission} title={permission}>
          {t(permissionKey(permission))}
        </Badge>
      ))}
    </span>
  );
}
