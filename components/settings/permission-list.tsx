'use client';

import { useTranslations } from 'use-intl';
import { permissionKey } from '@/components/settings/settings.view';
import { Badge } from '@/components/ui/badge';
import type { Permission } from '@/server/domain/roles';

/** Permissions in plain words. */
export function PermissionList({ permissions }: { permissions: readonly Permission[] }) {
  const t = useTranslations('settings.permissions');
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
