'use client';

import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMe } from '@/components/nav/use-me';
import { CreatePersonDialog } from '@/components/settings/create-person-dialog';
import { type PersonAct, PersonDialogs } from '@/components/settings/person-dialogs';
import { PersonRow } from '@/components/settings/person-row';
import { SecretOnce } from '@/components/settings/secret-once';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { ListTable } from '@/components/ui/list-table';
import { Panel } from '@/components/ui/panel';
import { QueryStates } from '@/components/ui/query-states';
import { RowsSkeleton } from '@/components/ui/rows-skeleton';
import { EmptyState } from '@/components/ui/states';

const COLUMNS = ['person', 'roles', 'origin', 'seen', 'actions'] as const;

/** Who has access: add, change roles, reset passwords, disable. */
export function PeoplePanel() {
  const t = useTranslations('settings.people');
  const trpc = useTRPC();
  const me = useMe().data;
  const forbidden = me !== undefined && !me.permissions.includes('user.admin');
  const [creating, setCreating] = useState(false);
  const [act, setAct] = useState<PersonAct | null>(null);
  const [shown, setShown] = useState<{ name: string; password: string } | null>(null);
  const query = useQuery(trpc.users.list.queryOptions({}, { enabled: !forbidden }));
  if (forbidden) return <EmptyState title={t('notAllowed')} />;
  const add = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <UserPlus aria-hidden />
      {t('add')}
    </Button>
  );
  return (
    <Panel title={t('title')} description={t('description')} action={add}>
      <QueryStates query={query} skeleton={<RowsSkeleton />} failed={t('failed')}>
        {(people) => (
          <ListTable label={t('list')} columns={COLUMNS} heading={(column) => t(`columns.${column}`)}>
            {people.map((person) => (
              <PersonRow
                key={person.id}
                person={person}
                isMe={person.id === me?.id}
                onAct={(kind) => setAct({ kind, person })}
              />
            ))}
          </ListTable>
        )}
      </QueryStates>
      <CreatePersonDialog open={creating} onOpenChange={setCreating} onCreated={setShown} />
      <PersonDialogs act={act} onClose={() => setAct(null)} onPassword={setShown} />
      <SecretOnce
        title={t('password.title', { name: shown?.name ?? '' })}
        description={t('password.description')}
        label={t('password.label')}
        done={t('password.done')}
        secret={shown?.password ?? null}
        onClose={() => setShown(null)}
      />
    </Panel>
  );
}
