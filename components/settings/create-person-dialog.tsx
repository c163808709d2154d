'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { RoleChecks } from '@/components/settings/role-checks';
import { personProblems } from '@/components/settings/settings.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import type { Role } from '@/server/domain/roles';

interface CreatePersonDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: (created: { name: string; password: string }) => void;
}

/** The password is made by the server, so that nobody has to think of one. */
export function CreatePersonDialog(props: CreatePersonDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {props.open ? <Content {...props} /> : null}
    </Dialog>
  );
}

function Content({ onOpenChange, onCreated }: CreatePersonDialogProps) {
  const t = useTranslations('settings.people');
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>([]);
  const [asked, setAsked] = useState(false);
  const create = useCreate((password) => {
    onOpenChange(false);
    if (password !== null) onCreated({ name: displayName.trim(), password });
  });
  const problems = personProblems({ username, displayName, roles });
  const submit = () => {
    setAsked(true);
    if (problems.size === 0) create.mutate({ username, displayName: displayName.trim(), roles: [...roles] });
  };
  return (
    <FormDialogContent
      title={t('create.title')}
      description={t('create.description')}
      keep={t('keep')}
      action={t('create.do')}
      pendingLabel={t('create.doing')}
      pending={create.isPending}
      onSubmit={submit}
    >
      <Field
        label={t('create.username')}
        hint={t('create.usernameHint')}
        error={asked && problems.has('username') ? t('create.usernameBad') : null}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            autoCapitalize="none"
            value={username}
            onChange={(event) => setUsername(event.target.value.trim().toLowerCase())}
          />
        )}
      </Field>
      <Field
        label={t('create.displayName')}
        error={asked && problems.has('displayName') ? t('create.displayNameBad') : null}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            maxLength={200}
            value={displayName}
            onChange={(event) => setDisplayName(event.target.value)}
          />
        )}
      </Field>
      <RoleChecks
        chosen={roles}
        onChange={setRoles}
        error={asked && problems.has('roles') ? t('create.rolesBad') : null}
      />
    </FormDialogContent>
  );
}

function useCreate(onPassword: (password: string | null) => void) {
  const t = useTranslations('settings.people.create');
  const trpc = useTRPC();
  const cache = useQueryClient();
  return useMutation(
    trpc.users.create.mutationOptions({
      onSuccess: async ({ password }) => {
        onPassword(password);
        await cache.invalidateQueries(trpc.users.list.queryFilter());
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
