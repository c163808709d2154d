'use client';

import { useTranslations } from 'use-intl';
import { Checks } from '@/components/settings/checks';
import { ROLES, type Role } from '@/server/domain/roles';

interface RoleChecksProps {
  readonly chosen: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
  readonly error: string | null;
}

/** The roles with what each may do. */
export function RoleChecks({ chosen, onChange, error }: RoleChecksProps) {
  const t = useTranslations('settings');
  return (
    <Checks
      legend={t('people.create.roles')}
      options={ROLES.map((value) => ({ value, label: t(`roles.${value}`), hint: t(`roleHints.${value}`) }))}
      chosen={chosen}
      onChange={onChange}
      error={error}
    />
  );
}
