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
import { Field, Input } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
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
  const problems = basicProblems(basics, null, Date.now());
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
              <Field label={t('key')} hint={t('keyHint')} error={asked && !isKey ? t('keyBad') : null}>
                {(control) => (
                  <Input
                    {...control}
                    className="font-mono"
                    value={key}
                    onChange={({ target }) => setOwnKey(target.value || null)}
                  />
                )}
              </Field>
              <Field label={t('type')} className="items-start">
                {(control) => (
                  <Select
                    {...control}
                    disabled={!mayWrite}
                    value={type}
                    onValueChange={(next) => {
                      const chosen = FLAG_VALUE_TYPES.find((one) => one === next) ?? 'boolean';
                      setType(chosen);
                      setTyped(typedVariants(firstVariants(chosen)));
                    }}
                    options={FLAG_VALUE_TYPES.map((value) => ({ value, label: t(`types.${value}`) }))}
                  />
                )}
              </Field>
              <VariantsEditor type={type} value={typed} readOnly={!mayWrite} onChange={setTyped} />
            </fieldset>
            {error ? (
              <p role="alert" className="text-danger-ink text-sm">
                {error.message}
              </p>
            ) : null}
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
