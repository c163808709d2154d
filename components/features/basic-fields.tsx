'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { type BasicProblem, dayOf, endOfDay } from '@/components/features/basics.view';
import { isKind } from '@/components/features/features.view';
import { useTRPC } from '@/components/trpc/trpc';
import { Field, Input, Textarea } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { EXPIRY_ACTIONS, TOGGLE_KINDS, type ToggleKind } from '@/server/domain/toggles';
import type { ToggleView } from '@/server/domain/views/toggles';

/** What people say about a feature, as it stands in the form. */
export interface Basics {
  readonly name: string;
  readonly description: string;
  readonly kind: ToggleKind;
  readonly application: string | null;
  readonly owner: string | null;
  /** With commas between them. */
  readonly tags: string;
  readonly expiresAt: string | null;
  readonly onExpiry: (typeof EXPIRY_ACTIONS)[number];
}

export const NO_BASICS: Basics = {
  name: '',
  description: '',
  kind: 'release',
  application: null,
  owner: null,
  tags: '',
  expiresAt: null,
  onExpiry: 'report',
};

export function basicsOf(feature: ToggleView): Basics {
  const { name, description, kind, application, owner, tags, expiresAt, onExpiry } = feature;
  return { name, description, kind, application, owner, tags: tags.join(', '), expiresAt, onExpiry };
}

interface BasicFieldsProps {
  readonly value: Basics;
  readonly readOnly?: boolean;
  /** To be marked. */
  readonly problems?: ReadonlySet<BasicProblem>;
  readonly onChange: (value: Basics) => void;
}

const NO_PROBLEMS: ReadonlySet<BasicProblem> = new Set();

const NONE = '\u0000none';

/** Name, description, kind, whose it is, and when it should be gone. */
export function BasicFields({ value, readOnly = false, problems = NO_PROBLEMS, onChange }: BasicFieldsProps) {
  const t = useTranslations('features.basics');
  const kinds = useTranslations('features.kinds');
  const trpc = useTRPC();
  const applications = useQuery(trpc.applications.list.queryOptions({})).data ?? [];
  return (
    <>
      <Field label={t('name')} hint={t('nameHint')} error={problems.has('name') ? t('nameMissing') : null}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={200}
            value={value.name}
            onChange={({ target }) => onChange({ ...value, name: target.value })}
          />
        )}
      </Field>
      <Field label={t('description')}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={value.description}
            onChange={({ target }) => onChange({ ...value, description: target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('kind')} hint={t(`kindHints.${value.kind}`)}>
          {(control) => (
            <Select
              {...control}
              disabled={readOnly}
              value={value.kind}
              onValueChange={(kind) => (isKind(kind) ? onChange({ ...value, kind }) : undefined)}
              options={TOGGLE_KINDS.map((kind) => ({ value: kind, label: kinds(kind) }))}
            />
          )}
        </Field>
        <Field label={t('application')}>
          {(control) => (
            <Select
              {...control}
              disabled={readOnly}
              value={value.application ?? NONE}
              onValueChange={(next) => onChange({ ...value, application: next === NONE ? null : next })}
              options={[
                { value: NONE, label: t('noApplication') },
                ...applications.map(({ name }) => ({ value: name, label: name })),
              ]}
            />
          )}
        </Field>
        <Field label={t('owner')}>
          {(control) => (
            <Input
              {...control}
              value={value.owner ?? ''}
              onChange={({ target }) => onChange({ ...value, owner: target.value || null })}
            />
          )}
        </Field>
        <Field label={t('tags')} hint={t('tagsHint')}>
          {(control) => (
            <Input
              {...control}
              value={value.tags}
              onChange={({ target }) => onChange({ ...value, tags: target.value })}
            />
          )}
        </Field>
        <ExpiryFields {...{ value, readOnly, problems, onChange }} />
      </div>
    </>
  );
}

function ExpiryFields({ value, readOnly = false, problems = NO_PROBLEMS, onChange }: BasicFieldsProps) {
  const t = useTranslations('features.basics');
  return (
    <>
      <Field
        label={t('expires')}
        hint={t('expiresHint')}
        error={problems.has('expiresAt') ? t('expiresPast') : null}
      >
        {(control) => (
          <Input
            {...control}
            type="date"
            value={value.expiresAt ? dayOf(value.expiresAt) : ''}
            onChange={({ target }) =>
              onChange({
                ...value,
                expiresAt: target.value ? endOfDay(target.value) : null,
              })
            }
          />
        )}
      </Field>
      {value.expiresAt ? (
        <Field label={t('onExpiry')}>
          {(control) => (
            <Select
              {...control}
              disabled={readOnly}
              value={value.onExpiry}
              onValueChange={(next) => onChange({ ...value, onExpiry: next === 'off' ? 'off' : 'report' })}
              options={EXPIRY_ACTIONS.map((one) => ({ value: one, label: t(`expiryActs.${one}`) }))}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}
