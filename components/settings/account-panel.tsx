'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMe } from '@/components/nav/use-me';
import { PermissionList } from '@/components/settings/permission-list';
import { passwordProblems } from '@/components/settings/settings.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Badge } from '@/components/ui/badge';
import { CardBody } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';

const EMPTY = { current: '', next: '', repeat: '' };

/** Who I am here, what I may do, and my password. */
export function AccountPanel() {
  const t = useTranslations('settings');
  const me = useMe().data;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title={t('account.title')}>
        <CardBody className="flex flex-col gap-4">
          {me ? (
            <>
              <Row label={t('account.signedInAs')}>
                <span className="font-medium">{me.displayName}</span>{' '}
                <code className="font-mono text-muted text-xs">{me.username}</code>
              </Row>
              <Row label={t('account.roles')}>
                <span className="flex flex-wrap gap-1">
                  {me.roles.map((role) => (
                    <Badge key={role} tone="accent">
                      {t(`roles.${role}`)}
                    </Badge>
                  ))}
                </span>
              </Row>
              <Row label={t('account.may')}>
                <PermissionList permissions={me.permissions} />
              </Row>
            </>
          ) : (
            <Skeleton className="h-32" />
          )}
        </CardBody>
      </Panel>
      <PasswordForm />
    </div>
  );
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <p className="mb-1 text-muted text-xs">{label}</p>
      <div>{children}</div>
    </div>
  );
}

function PasswordForm() {
  const t = useTranslations('settings.account');
  const trpc = useTRPC();
  const [values, setValues] = useState(EMPTY);
  const [asked, setAsked] = useState(false);
  const change = useMutation(
    trpc.users.changePassword.mutationOptions({
      onSuccess: () => {
        toast.success(t('done'));
        setValues(EMPTY);
        setAsked(false);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
  const problems = passwordProblems(values);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (problems.size === 0) change.mutate({ current: values.current, next: values.next });
  };
  const fields = [
    { name: 'current', label: t('current'), auto: 'current-password', hint: undefined, bad: null },
    { name: 'next', label: t('next'), auto: 'new-password', hint: t('nextHint'), bad: t('nextShort') },
    { name: 'repeat', label: t('repeat'), auto: 'new-password', hint: undefined, bad: t('repeatBad') },
  ] as const;
  return (
    <Panel title={t('passwordTitle')}>
      <CardBody>
        <form onSubmit={submit} className="flex max-w-sm flex-col gap-3">
          {fields.map(({ name, label, auto, hint, bad }) => (
            <Field key={name} label={label} hint={hint} error={asked && problems.has(name) ? bad : null}>
              {(control) => (
                <Input
                  {...control}
                  type="password"
                  required
                  autoComplete={auto}
                  value={values[name]}
                  onChange={(event) => setValues((before) => ({ ...before, [name]: event.target.value }))}
                />
              )}
            </Field>
          ))}
          <MutationButton
            type="submit"
            variant="primary"
            className="self-start"
            pending={change.isPending}
            pendingLabel={t('doing')}
          >
            {t('do')}
          </MutationButton>
        </form>
      </CardBody>
    </Panel>
  );
}
