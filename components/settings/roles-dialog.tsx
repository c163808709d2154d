'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { RoleChecks } from '@/components/settings/role-checks';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { MutationButton } from '@/components/ui/mutation-button';
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
      <DialogContent
        title={t('rolesDialog.title', { name })}
        description={t('rolesDialog.description')}
        footer={
          <>
            <DialogClose asChild>
              <Button>{t('keep')}</Button>
            </DialogClose>
            <MutationButton
              variant="primary"
              pending={save.isPending}
              pendingLabel={t('rolesDialog.doing')}
              onClick={() => save.mutate({ userId: person.id, roles: [...roles] })}
            >
              {t('rolesDialog.do')}
            </MutationButton>
          </>
        }
      >
        <RoleChecks chosen={roles} onChange={setRoles} error={null} />
      </DialogContent>
    </Dialog>
  );
}
