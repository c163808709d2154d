'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { EditorPart } from '@/components/features/editor-context';
import { useTRPC } from '@/components/trpc/trpc';
import { Button, IconButton } from '@/components/ui/button';
import { Checkbox, Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { Prerequisite, ToggleDefinition } from '@/server/domain/toggles';

const NONE = '\u0000none';

/** What must hold before the rules are asked: other features, the version that runs; and what is served until then. */
export function RequirementFields({ feature, draft, put, readOnly }: EditorPart) {
  const t = useTranslations('features.requirements');
  const { definition } = draft;
  const change = (part: Partial<ToggleDefinition>) =>
    put({ ...draft, definition: { ...definition, ...part } });
  return (
    <section aria-label={t('title')} className="flex flex-col gap-3">
      <h3 className="font-semibold text-base">{t('title')}</h3>
      <Field label={t('offVariant')} hint={t('offVariantHint')} className="items-start">
        {(control) => (
          <Select
            {...control}
            disabled={readOnly}
            value={definition.offVariant ?? NONE}
            onValueChange={(next) => change({ offVariant: next === NONE ? null : next })}
            options={[
              ...Object.keys(feature.variants).map((value) => ({ value, label: value })),
              { value: NONE, label: t('codeDefault') },
            ]}
          />
        )}
      </Field>
      <Prerequisites
        own={feature.key}
        value={definition.prerequisites}
        readOnly={readOnly}
        onChange={(prerequisites) => change({ prerequisites: [...prerequisites] })}
      />
      <VersionFields {...{ definition, readOnly, change }} own={feature.application} />
    </section>
  );
}

interface PrerequisitesProps {
  readonly own: string;
  readonly value: readonly Prerequisite[];
  readonly readOnly: boolean;
  readonly onChange: (value: readonly Prerequisite[]) => void;
}

function Prerequisites({ own, value, readOnly, onChange }: PrerequisitesProps) {
  const t = useTranslations('features.requirements');
  const trpc = useTRPC();
  const others = (useQuery(trpc.toggles.list.queryOptions({})).data ?? []).filter(({ key }) => key !== own);
  const free = others.filter(({ key }) => value.every(({ toggle }) => toggle !== key));
  return (
    <div className="flex flex-col items-start gap-2">
      {value.map((one) => (
        <div key={one.toggle} className="flex flex-wrap items-center gap-2 text-sm">
          <span>{t('onlyIf', { feature: one.toggle })}</span>
          <Input
            aria-label={t('variantsOf', { feature: one.toggle })}
            className="w-40"
            defaultValue={one.variants.join(', ')}
            onBlur={({ target }) => {
              const variants = target.value.split(',').flatMap((name) => name.trim() || []);
              onChange(value.map((each) => (each.toggle === one.toggle ? { ...one, variants } : each)));
            }}
          />
          {readOnly ? null : (
            <IconButton
              size="sm"
              label={t('removePrerequisite', { feature: one.toggle })}
              onClick={() => onChange(value.filter(({ toggle }) => toggle !== one.toggle))}
            >
              <X aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      {readOnly ? null : (
        <Select
          aria-label={t('addPrerequisite')}
          placeholder={t('addPrerequisite')}
          value={undefined}
          disabled={free.length === 0}
          onValueChange={(toggle) => onChange([...value, { toggle, variants: ['on'] }])}
          options={free.map(({ key, name }) => ({ value: key, label: name, hint: key }))}
        />
      )}
    </div>
  );
}

interface VersionFieldsProps {
  readonly definition: ToggleDefinition;
  readonly own: string | null;
  readonly readOnly: boolean;
  readonly change: (part: Partial<ToggleDefinition>) => void;
}

function VersionFields({ definition, own, readOnly, change }: VersionFieldsProps) {
  const t = useTranslations('features.requirements');
  const trpc = useTRPC();
  const applications = useQuery(trpc.applications.list.queryOptions({})).data ?? [];
  const requirement = definition.versionRequirement;
  if (!requirement) {
    const application = own ?? applications[0]?.name;
    if (readOnly || application === undefined) return null;
    return (
      <Button
        size="sm"
        className="self-start"
        onClick={() => change({ versionRequirement: { application, minimum: '1.0.0', coverage: 'all' } })}
      >
        <Plus aria-hidden />
        {t('addVersion')}
      </Button>
    );
  }
  const put = (part: Partial<typeof requirement>) =>
    change({ versionRequirement: { ...requirement, ...part } });
  return (
    <div role="group" aria-label={t('version')} className="flex flex-wrap items-center gap-2 text-sm">
      <span>{t('onlyWhere')}</span>
      <Select
        aria-label={t('application')}
        disabled={readOnly}
        value={requirement.application}
        onValueChange={(application) => put({ application })}
        options={[...new Set([requirement.application, ...applications.map(({ name }) => name)])].map(
          (value) => ({
            value,
            label: value,
          }),
        )}
      />
      <span>≥</span>
      <Input
        aria-label={t('minimum')}
        className="w-28 font-mono"
        value={requirement.minimum}
        onChange={({ target }) => put({ minimum: target.value })}
      />
      <span>{t('runs')}</span>
      <span className="inline-flex items-center gap-2">
        <Checkbox
          id="coverage-all"
          checked={requirement.coverage === 'all'}
          onCheckedChange={(all) => put({ coverage: all === true ? 'all' : 'any' })}
        />
        <label htmlFor="coverage-all">{t('everywhere')}</label>
      </span>
      {readOnly ? null : (
        <IconButton size="sm" label={t('removeVersion')} onClick={() => change({ versionRequirement: null })}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
