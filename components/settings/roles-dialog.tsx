'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { RoleChecks } from '@/components/settings/role-checks';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { FormDialogContent } from '@/components/ui/form-dialog';
import type { UserView } from '@/server/domain/views/admin';

interface RolesDialogProps {
  readonly person: UserView;
  readonly onClose: () => void;
}

export function RolesDialog({ person, onClose }: RolesDialogProps) {
  const t = useTranslations('settings.people');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [roles, setRoles] = useState(person.roles);
  const name = person.displayName;
  const save = useMutation(
    trpc.users.setRoles.mutationOptions({
      onSuccess: async () => {
        toast.success(t('rolesDialog.done', { name }));
        onClose();
        await cache.invalidateQueries(trpc.users.pathFilter());
      },
      onError: (error) => toast.error(t('rolesDialog.failed'), { description: error.message }),
    }),
  );
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('rolesDialog.title', { name })}
        description={t('rolesDialog.description')}
        keep={t('keep')}
        action={t('rolesDialog.do')}
        pendingLabel={t('rolesDialog.doing')}
        pending={save.isPending}
        onSubmit={() => save.mutate({ userId: person.id, roles: [...roles] })}
      >
        <RoleChecks chosen={roles} onChange={setRoles} error={null} />
      </FormDialogContent>
    </Dialog>
  );
}
