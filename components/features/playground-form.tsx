'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Attribute } from '@/components/features/context.view';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { MutationButton } from '@/components/ui/mutation-button';
import { Select } from '@/components/ui/select';

interface PlaygroundFormProps {
  /** Null where the environment is known already. */
  readonly environments: readonly string[] | null;
  readonly environment: string;
  readonly onEnvironment: (environment: string) => void;
  readonly targetingKey: string;
  readonly onTargetingKey: (key: string) => void;
  readonly attributes: readonly Attribute[];
  readonly onAttributes: (attributes: readonly Attribute[]) => void;
  readonly isPending: boolean;
  readonly isDraft: boolean;
  readonly onAsk: () => void;
}

/** Who asks: the key by which people are told apart, and what is known of them. */
export function PlaygroundForm(props: PlaygroundFormProps) {
  const t = useTranslations('features.try');
  return (
    <form
      className="flex flex-col gap-3 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        props.onAsk();
      }}
    >
      <h3 className="font-semibold text-base">{props.isDraft ? t('titleDraft') : t('title')}</h3>
      {props.environments ? (
        <Field label={t('environment')} className="items-start">
          {(control) => (
            <Select
              {...control}
              value={props.environment}
              onValueChange={props.onEnvironment}
              options={(props.environments ?? []).map((value) => ({ value, label: value }))}
            />
          )}
        </Field>
      ) : null}
      <Field label={t('user')} hint={t('userHint')}>
        {(control) => (
          <Input
            {...control}
            value={props.targetingKey}
            placeholder="user-42"
            onChange={({ target }) => props.onTargetingKey(target.value)}
          />
        )}
      </Field>
      <AttributeRows value={props.attributes} onChange={props.onAttributes} />
      <MutationButton
        type="submit"
        variant="primary"
        className="self-start"
        pending={props.isPending}
        pendingLabel={t('asking')}
      >
        {t('ask')}
      </MutationButton>
    </form>
  );
}

interface AttributeRowsProps {
  readonly value: readonly Attribute[];
  readonly onChange: (value: readonly Attribute[]) => void;
}

function AttributeRows({ value, onChange }: AttributeRowsProps) {
  const t = useTranslations('features.try');
  const put = (changed: Attribute) => onChange(value.map((one) => (one.id === changed.id ? changed : one)));
  const nextId = Math.max(-1, ...value.map(({ id }) => id)) + 1;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">{t('attributes')}</legend>
      {value.map((one) => (
        <div key={one.id} className="flex items-center gap-2">
          <Input
            aria-label={t('attributeName')}
            placeholder={t('attributeName')}
            value={one.name}
            onChange={({ target }) => put({ ...one, name: target.value })}
          />
          <Input
            aria-label={one.name === '' ? t('attributeValue') : t('valueOf', { name: one.name })}
            placeholder={t('attributeValue')}
            value={one.text}
            onChange={({ target }) => put({ ...one, text: target.value })}
          />
          <IconButton
            size="sm"
            label={t('removeAttribute', { name: one.name })}
            onClick={() => onChange(value.filter(({ id }) => id !== one.id))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button
        size="sm"
        variant="ghost"
        className="self-start"
        onClick={() => onChange([...value, { id: nextId, name: '', text: '' }])}
      >
        <Plus aria-hidden />
        {t('addAttribute')}
      </Button>
    </fieldset>
  );
}
