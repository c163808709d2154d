'use client';

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { DeployDialog } from '@/components/deploy/deploy-dialog';
import { RollbackDialog } from '@/components/rollback/rollback-dialog';

interface Actions {
  readonly deploy: (application: string, environment: string) => void;
  /** The account where several have a cluster of that name. */
  readonly rollBack: (application: string, cluster: string, account?: string) => void;
}

type Asked =
  | { readonly kind: 'deploy'; readonly application: string; readonly environment: string }
  | {
      readonly kind: 'rollBack';
      readonly application: string;
      readonly cluster: string;
      readonly account: string | undefined;
    };

const ActionsContext = createContext<Actions>({ deploy: () => undefined, rollBack: () => undefined });

/** Opens the dialogs of the two great verbs from anywhere: board, clusters, palette. */
export function useActions(): Actions {
  return useContext(ActionsContext);
}

export function ActionsProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const ask = useCallback((next: Asked) => {
    setAsked(next);
    setOpen(true);
  }, []);
  const actions = useMemo<Actions>(
    () => ({
      deploy: (application, environment) => ask({ kind: 'deploy', application, environment }),
      rollBack: (application, cluster, account) => ask({ kind: 'rollBack', application, cluster, account }),
    }),
    [ask],
  );
  return (
    <ActionsContext value={actions}>
      {children}
      {asked?.kind === 'deploy' ? (
        <DeployDialog
          application={asked.application}
          environment={asked.environment}
          open={open}
          onOpenChange={setOpen}
        />
      ) : null}
      {asked?.kind === 'rollBack' ? (
        <RollbackDialog
          application={asked.application}
          cluster={asked.cluster}
          account={asked.account}
          open={open}
          onOpenChange={setOpen}
        />
      ) : null}
    </ActionsContext>
  );
}
