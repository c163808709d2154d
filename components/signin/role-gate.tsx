'use client';

import { DoorClosed, RotateCw } from 'lucide-react';
import { signOut } from 'next-auth/react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useMe } from '@/components/nav/use-me';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';

/** The page, or one sentence for someone who has no role: every region of the page would only say no. */
export function RoleGate({ children }: { children: ReactNode }) {
  const t = useTranslations();
  const me = useMe();
  if (!me.data || me.data.roles.length > 0) return children;
  return (
    <div role="alert">
      <EmptyState
        icon={<DoorClosed />}
        title={<h1>{t('signin.noRoleTitle')}</h1>}
        action={
          <>
            <Button variant="primary" onClick={() => void me.refetch()} aria-busy={me.isFetching}>
              <RotateCw aria-hidden className={me.isFetching ? 'animate-turn' : undefined} />
              {t('common.retry')}
            </Button>
            <Button onClick={() => void signOut({ callbackUrl: '/signin' })}>{t('nav.signOut')}</Button>
          </>
        }
        className="py-24"
      >
        {t('signin.noRoleText', { name: me.data.displayName })}
      </EmptyState>
    </div>
  );
}
