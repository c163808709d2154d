'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { suggestedVersion, type VersionChoice, versionChoices } from '@/components/deploy/deploy.view';
import { ParameterFields } from '@/components/pipelines/parameter-fields';
import { deployTargets, initialParameters, missingParameters } from '@/components/pipelines/pipeline.view';
import { VersionTag } from '@/components/status/version-tag';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { Select } from '@/components/ui/select';
import type { PipelineView } from '@/server/domain/views/admin';

interface RunDialogProps {
  readonly pipeline: PipelineView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks for the version and the parameters that a pipeline needs, and starts it. */
export function RunDialog({ pipeline, open, onOpenChange }: RunDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <Content pipeline={pipeline} onDone={() => onOpenChange(false)} /> : null}
    </Dialog>
  );
}

function Content({ pipeline, onDone }: { pipeline: PipelineView; onDone: () => void }) {
  const t = useTranslations('pipelines.run');
  const { application, name, definition } = pipeline;
  const [values, setValues] = useState(() => initialParameters(definition.parameters));
  const [picked, setPicked] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const targets = deployTargets(definition);
  const { artifact, choices } = useVersions(application, targets[0] ?? null);
  const version = targets.length > 0 ? (picked ?? suggestedVersion(choices)) : null;
  const missing = missingParameters(definition.parameters, values);
  const start = useRun(name, onDone);
  const submit = () => {
    setAsked(true);
    if (missing.length > 0 || (targets.length > 0 && version === null)) return;
    start.mutate({
      application,
      pipeline: name,
      parameters: Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== '')),
      artifacts: artifact !== null && version !== null ? [{ name: artifact, version }] : [],
    });
  };
  return (
    <DialogContent
      title={t('title', { pipeline: name })}
      description={definition.description || t('description', { application })}
      footer={
        <>
          <DialogClose asChild>
            <Button>{t('keep')}</Button>
          </DialogClose>
          <MutationButton
            variant="primary"
            pending={start.isPending}
            pendingLabel={t('doing')}
            onClick={submit}
          >
            {t('do')}
          </MutationButton>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {targets.length > 0 ? (
          <Field label={t('version')} hint={t('needsArtifact', { environments: targets.join(', ') })}>
            {(control) => (
              <VersionSelect {...control} value={version} onChange={setPicked} choices={choices} />
            )}
          </Field>
        ) : (
          <p className="text-muted text-sm">{t('withoutArtifact')}</p>
        )}
        <ParameterFields
          parameters={definition.parameters}
          values={values}
          missing={asked ? missing : []}
          onChange={(key, value) => setValues((before) => ({ ...before, [key]: value }))}
        />
      </div>
    </DialogContent>
  );
}

interface VersionSelectProps {
  readonly id: string;
  readonly value: string | null;
  readonly onChange: (version: string) => void;
  readonly choices: readonly VersionChoice[];
}

function VersionSelect({ value, choices, onChange, ...control }: VersionSelectProps) {
  const t = useTranslations('pipelines.run');
  const deploy = useTranslations('deploy');
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
        hint: choice.veto ? deploy('vetoed', choice.veto) : choice.here ? deploy('running') : undefined,
        disabled: choice.veto !== null,
      }))}
    />
  );
}

/** The artifact of the first environment it deploys to, with its versions. */
function useVersions(application: string, environment: string | null) {
  const trpc = useTRPC();
  const enabled = environment !== null;
  const app = useQuery(trpc.applications.get.queryOptions({ application }, { enabled }));
  const artifacts = useQuery(trpc.artifacts.list.queryOptions({}, { enabled }));
  const where = app.data?.environments.find((each) => each.name === environment);
  return {
    artifact: where?.artifact ?? null,
    choices: where && artifacts.data ? versionChoices(artifacts.data, application, where) : [],
  };
}

function useRun(pipeline: string, onDone: () => void) {
  const t = useTranslations('pipelines.run');
  const trpc = useTRPC();
  const router = useRouter();
  return useMutation(
    trpc.executions.start.mutationOptions({
      onSuccess: ({ executionId }) => {
        toast.success(t('started', { pipeline }));
        onDone();
        router.push(`/executions/${executionId}`);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
