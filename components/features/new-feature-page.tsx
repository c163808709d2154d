'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { BasicFields, NO_BASICS } from '@/components/features/basic-fields';
import { basicProblems } from '@/components/features/basics.view';
import { featureHref, firstVariants, proposedKey, readTags } from '@/components/features/features.view';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import {
  readVariants,
  type TypedVariant,
  typedVariants,
  VariantsEditor,
} from '@/components/features/variants-editor';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Card, CardBody } from '@/components/ui/card';
import { ErrorLine } from '@/components/ui/error-line';
import { Field, Input } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { useNow } from '@/components/ui/use-now';
import { FLAG_VALUE_TYPES, type FlagValueType, flagKeySchema } from '@/server/domain/toggles';

/** A new feature, off everywhere. */
export function NewFeaturePage() {
  const t = useTranslations('features.create');
  const common = useTranslations('features');
  const [basics, setBasics] = useState(NO_BASICS);
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const [type, setType] = useState<FlagValueType>('boolean');
  const [typed, setTyped] = useState<readonly TypedVariant[]>(() => typedVariants(firstVariants('boolean')));
  const [asked, setAsked] = useState(false);
  const mayWrite = useMay('toggle.write');
  const create = useCreate();
  const key = ownKey ?? proposedKey(basics.name);
  const isKey = flagKeySchema.safeParse(key).success;
  const variants = readVariants(type, typed);
  const problems = basicProblems(basics, null, useNow());
  // What was said of another key is not true of this one.
  const error = create.variables?.key === key ? create.error : null;
  const submit = () => {
    setAsked(true);
    if (!isKey || !variants || problems.size > 0 || create.isPending) return;
    const { tags, ...rest } = basics;
    create.mutate({ ...rest, name: basics.name.trim(), key, variants, tags: readTags(tags) });
  };
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {mayWrite ? null : <p className="pb-3 text-muted text-sm">{common('notAllowed')}</p>}
      <Card aria-label={t('title')} className="max-w-3xl">
        <CardBody>
          <form
            noValidate
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <fieldset disabled={!mayWrite} className="flex min-w-0 flex-col gap-4">
              <BasicFields
                value={basics}
                readOnly={!mayWrite}
                {...(asked ? { problems } : {})}
                onChange={setBasics}
              />
              <KeyField value={key} isBad={asked && !isKey} onChange={setOwnKey} />
              <TypeField
                value={type}
                readOnly={!mayWrite}
                onChange={(chosen) => {
                  setType(chosen);
                  setTyped(typedVariants(firstVariants(chosen)));
                }}
              />
              <VariantsEditor type={type} value={typed} readOnly={!mayWrite} onChange={setTyped} />
            </fieldset>
            <ErrorLine error={error} />
            <MutationButton
              type="submit"
              variant="primary"
              className="self-start"
              disabled={!mayWrite}
              pending={create.isPending}
              pendingLabel={common('saving')}
            >
              {t('do')}
            </MutationButton>
          </form>
        </CardBody>
      </Card>
    </>
  );
}

interface KeyFieldProps {
  readonly value: string;
  readonly isBad: boolean;
  /** Null for the one that the name suggests. */
  readonly onChange: (key: string | null) => void;
}

function KeyField({ value, isBad, onChange }: KeyFieldProps) {
  const t = useTranslations('features.create');
  return (
    <Field label={t('key')} hint={t('keyHint')} error={isBad ? t('keyBad') : null}>
      {(control) => (
        <Input
          {...control}
          className="font-mono"
          value={value}
          onChange={({ target }) => onChange(target.value || null)}
        />
      )}
    </Field>
  );
}

interface TypeFieldProps {
  readonly value: FlagValueType;
  readonly readOnly: boolean;
  readonly onChange: (type: FlagValueType) => void;
}

function TypeField({ value, readOnly, onChange }: TypeFieldProps) {
  const t = useTranslations('features.create');
  return (
    <Field label={t('type')} className="items-start">
      {(control) => (
        <Select
          {...control}
          disabled={readOnly}
          value={value}
          onValueChange={(next) => onChange(FLAG_VALUE_TYPES.find((one) => one === next) ?? 'boolean')}
          options={FLAG_VALUE_TYPES.map((one) => ({ value: one, label: t(`types.${one}`) }))}
        />
      )}
    </Field>
  );
}

function useCreate() {
  const t = useTranslations('features.create');
  const trpc = useTRPC();
  const router = useRouter();
  const refresh = useRefreshFeatures();
  return useMutation(
    trpc.toggles.create.mutationOptions({
      onSuccess: async ({ key }) => {
        toast.success(t('done'));
        router.push(featureHref(key));
        await refresh();
      },
    }),
  );
}
