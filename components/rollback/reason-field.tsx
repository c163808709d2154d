'use client';

import { useTranslations } from 'use-intl';
import { Field, Textarea } from '@/components/ui/field';

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether somebody has tried to go on without. */
  readonly asked: boolean;
}

/** Why it is rolled back: those who meet the pin or the veto will read it. */
export function ReasonField({ value, onChange, asked }: ReasonFieldProps) {
  const t = useTranslations('rollback');
  return (
    <Field
      label={t('reason')}
      hint={t('reasonHint')}
      error={asked && value.trim() === '' ? t('reasonMissing') : null}
    >
      {(control) => (
        <Textarea
          {...control}
          required
          rows={2}
          maxLength={1000}
          placeholder={t('reasonPlaceholder')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
