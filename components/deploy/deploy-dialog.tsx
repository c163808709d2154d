'use client';

import { skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { UnreachableAccount } from '@/components/clusters/account-freshness';
import {
  outlookOf,
  suggestedVersion,
  type VersionChoice,
  versionChoices,
} from '@/components/deploy/deploy.view';
import { DeployObjections } from '@/components/deploy/deploy-objections';
import { DeployOutlookList } from '@/components/deploy/deploy-outlook';
import { DeployPreview } from '@/components/deploy/deploy-preview';
import { useMe } from '@/components/nav/use-me';
import { VersionTag } from '@/components/status/version-tag';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';

interface Target {
  readonly application: string;
  readonly environment: string;
}

interface DeployDialogProps extends Target {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Chooses a version, says what the environment's pipeline will do with it, and starts it. */
export function DeployDialog({ open, onOpenChange, ...target }: DeployDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <Content {...target} onDone={() => onOpenChange(false)} /> : null}
    </Dialog>
  );
}

function useDeployData({ application, environment }: Target) {
  const trpc = useTRPC();
  const app = useQuery(trpc.applications.get.queryOptions({ application }));
  const artifacts = useQuery(trpc.artifacts.list.queryOptions({}));
  const pipelines = useQuery(trpc.pipelines.list.queryOptions({ application }));
  const where = app.data?.environments.find((each) => each.name === environment);
  const pipeline = pipelines.data?.find((each) => each.name === where?.pipeline);
  const all = [app, artifacts, pipelines];
  return {
    where,
    outlook: outlookOf(pipeline, app.data?.environments ?? [], where),
    choices: where && artifacts.data ? versionChoices(artifacts.data, application, where) : [],
    isPending: all.some((query) => query.isPending),
    error: all.find((query) => query.error)?.error ?? null,
    retry: () => Promise.all(all.map((query) => query.refetch())),
  };
}

/** What stands against it now. A start is still checked by itself: this only says it before. */
function useObjections(target: Target, artifact: string | undefined, version: string | null) {
  const trpc = useTRPC();
  const known = artifact !== undefined && version !== null;
  const asked = known ? { ...target, artifact, version } : skipToken;
  return useQuery(trpc.deployments.objections.queryOptions(asked, { staleTime: 0, retry: false }));
}

function Content({ application, environment, onDone }: Target & { onDone: () => void }) {
  const t = useTranslations('deploy');
  const trpc = useTRPC();
  const router = useRouter();
  const me = useMe().data;
  const data = useDeployData({ application, environment });
  const [picked, setPicked] = useState<string | null>(null);
  const version = picked ?? suggestedVersion(data.choices);
  const artifact = data.where?.artifact ?? application;
  const forbidden = me !== undefined && !me.permissions.includes('execution.start');
  const objections = useObjections({ application, environment }, data.where?.artifact, version);
  const against = objections.data ?? [];
  const count = data.outlook?.reach.length ?? 1;
  const start = useMutation(
    trpc.deployments.start.mutationOptions({
      onSuccess: ({ executionId }, variables) => {
        toast.success(count > 1 ? t('several.started', { ...variables, count }) : t('started', variables));
        onDone();
        router.push(`/executions/${executionId}`);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
  const chosen = data.choices.find((choice) => choice.version === version);
  const named = count > 1 ? t('several.do', { version: version ?? '', count }) : null;
  const verb = version === null ? t('doPlain') : (named ?? t('do', { version, environment }));
  return (
    <DialogContent
      title={count > 1 ? t('several.title', { count }) : t('title', { environment })}
      description={artifact === application ? application : t('description', { application, artifact })}
      footer={
        <>
          <DialogClose asChild>
            <Button>{t('keep')}</Button>
          </DialogClose>
          <MutationButton
            variant="primary"
            pending={start.isPending}
            pendingLabel={t('doing')}
            disabled={version === null || forbidden || data.isPending || against.length > 0}
            onClick={() => version !== null && start.mutate({ application, artifact, environment, version })}
          >
            {verb}
          </MutationButton>
        </>
      }
    >
      {data.isPending ? <DeploySkeleton /> : null}
      {data.error ? (
        <ErrorState title={t('readFailed')} error={data.error} onRetry={() => void data.retry()} />
      ) : null}
      {!data.isPending && !data.error && data.choices.length === 0 ? (
        <EmptyState title={t('noVersionsTitle')}>{t('noVersions', { artifact })}</EmptyState>
      ) : null}
      {data.choices.length > 0 ? (
        <div className="flex flex-col gap-4">
          <UnreachableAccount account={data.where?.account} />
          {forbidden ? <p className="rounded-md bg-sunken px-3 py-2 text-sm">{t('notAllowed')}</p> : null}
          <Field label={t('version')}>
            {(control) => (
              <VersionSelect {...control} value={version} onChange={setPicked} choices={data.choices} />
            )}
          </Field>
          <DeployObjections application={application} objections={against} />
          {data.where && data.outlook ? (
            <DeployOutlookList where={data.where} outlook={data.outlook} again={chosen?.here === true} />
          ) : null}
          {version === null ? null : (
            <DeployPreview
              application={application}
              environment={environment}
              artifact={artifact}
              version={version}
            />
          )}
        </div>
      ) : null}
    </DialogContent>
  );
}

interface VersionSelectProps {
  readonly id: string;
  readonly value: string | null;
  readonly onChange: (version: string) => void;
  readonly choices: readonly VersionChoice[];
}

function VersionSelect({ value, onChange, choices, ...control }: VersionSelectProps) {
  const t = useTranslations('deploy');
  const hint = (choice: VersionChoice) => {
    if (choice.veto) return t('vetoed', choice.veto);
    return (
      <>
        {choice.here ? `${t('running')} · ` : null}
        {choice.elsewhere.length > 0
          ? `${t('runsIn', { environments: choice.elsewhere.join(', ') })} · `
          : null}
        {t.rich('published', { time: () => <RelativeTime at={choice.createdAt} /> })}
      </>
    );
  };
  return (
    <Select
      {...control}
      value={value ?? undefined}
      onValueChange={onChange}
      placeholder={t('choose')}
      className="w-full"
      options={choices.map((choice) => ({
        value: choice.version,
        label: <VersionTag version={choice.version} vetoed={choice.veto !== null} />,
        hint: hint(choice),
        disabled: choice.veto !== null,
      }))}
    />
  );
}

function DeploySkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-8" />
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
    </div>
  );
}
