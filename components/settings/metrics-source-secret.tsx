'use client';

import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { useForm } from '@/components/editor/form/form-context';
import { FieldFrame } from '@/components/editor/form/schema-field';
import { issuesAt } from '@/components/editor/issues.view';
import type { SchemaField } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Checkbox, Input } from '@/components/ui/field';

interface SecretFieldProps {
  readonly field: SchemaField;
  /** Undefined says nothing, null takes it away. */
  readonly value: string | null | undefined;
  /** Whether one is kept already. */
  readonly isSet: boolean;
  /** Empty when nothing is said about it any more. */
  readonly onChange: (value: string | null) => void;
}

/** A secret: typed in, never shown again. */
export function SecretField({ field, value, isSet, onChange }: SecretFieldProps) {
  const t = useTranslations('metricsSources');
  const words = useWords();
  const { issues } = useForm();
  const id = useId();
  const path = `secrets.${field.name}`;
  const problems = issuesAt(issues, path).map(({ message }) => message);
  const isRemoved = value === null;
  return (
    <FieldFrame
      {...{ id, path, problems }}
      label={words.field(field.name, 'metricsSource')}
      required={field.required}
      hint={isSet && !isRemoved ? t('secretSet') : undefined}
    >
      <Input
        id={id}
        type="password"
        autoComplete="new-password"
        aria-describedby={problems.length > 0 ? `${id}-error` : isSet ? `${id}-hint` : undefined}
        aria-invalid={problems.length > 0 || undefined}
        disabled={isRemoved}
        placeholder={isSet && !isRemoved ? '••••••••' : undefined}
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value)}
      />
      {isSet && !field.required ? (
        <label className="flex cursor-pointer items-center gap-2 text-sm">
          <Checkbox checked={isRemoved} onCheckedChange={(on) => onChange(on === true ? null : '')} />
          {t('secretRemove')}
        </label>
      ) : null}
    </FieldFrame>
  );
}
