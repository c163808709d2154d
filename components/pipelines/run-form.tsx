'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { suggestedVersion, type VersionChoice, versionChoices } from '@/components/deploy/deploy.view';
import { ParameterFields } from '@/components/pipelines/parameter-fields';
import { deployTargets, initialParameters, missingParameters } from '@/components/pipelines/pipeline.view';
import { VersionTag } from '@/components/status/version-tag';
import { useTRPC } from '@/components/trpc/trpc';
import { Field } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/select';
import type { ParameterValues, PipelineDefinition } from '@/server/domain/pipeline';

/** What an execution is started with. Parameters are as typed; the service gives them their types. */
export interface RunRequest {
  readonly parameters: Record<string, string>;
  readonly artifacts: { name: string; version: string }[];
}

interface RunFormProps {
  readonly application: string;
  readonly definition: PipelineDefinition;
  /** Whether a version must be chosen. */
  readonly needsArtifact: boolean;
  readonly title: string;
  readonly description: string;
  readonly submitLabel: string;
  readonly pending: boolean;
  /** Of the execution that is run again; defaults and a suggestion when absent. */
  readonly before?: { readonly parameters: ParameterValues; readonly version: string | null };
  readonly onSubmit: (request: RunRequest) => void;
}

/** The body of a dialog that asks for the version and the parameters a pipeline needs. */
export function RunForm(props: RunFormProps) {
  const { application, definition, before } = props;
  const t = useTranslations('pipelines.run');
  const [values, setValues] = useState(() => ({
    ...initialParameters(definition.parameters),
    ...asTyped(before?.parameters ?? {}),
  }));
  const [picked, setPicked] = useState<string | null>(before?.version ?? null);
  const [asked, setAsked] = useState(false);
  const deploysTo = deployTargets(definition);
  const targets = props.needsArtifact ? deploysTo : [];
  const { artifact, choices } = useVersions(application, targets[0] ?? null);
  const version = targets.length > 0 ? (picked ?? suggestedVersion(choices)) : null;
  const missing = missingParameters(definition.parameters, values);
  const submit = () => {
    setAsked(true);
    if (missing.length > 0 || (targets.length > 0 && version === null)) return;
    const known = new Set(definition.parameters.map((parameter) => parameter.name));
    props.onSubmit({
      parameters: Object.fromEntries(
        Object.entries(values).filter(([name, value]) => known.has(name) && value.trim() !== ''),
      ),
      artifacts: artifact !== null && version !== null ? [{ name: artifact, version }] : [],
    });
  };
  return (
    <FormDialogContent
      title={props.title}
      description={props.description}
      keep={t('keep')}
      action={props.submitLabel}
      pendingLabel={t('doing')}
      pending={props.pending}
      onSubmit={submit}
    >
      {targets.length > 0 ? (
        <Field label={t('version')} hint={t('needsArtifact', { environments: targets.join(', ') })}>
          {(control) => <VersionSelect {...control} value={version} onChange={setPicked} choices={choices} />}
        </Field>
      ) : (
        <p className="text-muted text-sm">{t(deploysTo.length > 0 ? 'artifactFound' : 'withoutArtifact')}</p>
      )}
      <ParameterFields
        parameters={definition.parameters}
        values={values}
        missing={asked ? missing : []}
        onChange={(key, value) => setValues((earlier) => ({ ...earlier, [key]: value }))}
      />
    </FormDialogContent>
  );
}

function asTyped(values: ParameterValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
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
