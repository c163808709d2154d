'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { plainText } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Checkbox, Input, Textarea } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

interface BooleanProps extends ControlProps {
  /** Its words stand beside it; without them it says yes or no. */
  readonly worded?: boolean;
}

/** Yes or no; what is the standard anyway is not written down. */
export function BooleanControl({ value, onChange, standard, aria, worded = false }: BooleanProps) {
  const t = useTranslations('editor');
  const { readOnly } = useForm();
  const checked = (value ?? standard) === true;
  return (
    <span className="flex h-6 items-center gap-2 text-muted text-sm">
      <Checkbox
        {...aria}
        disabled={readOnly}
        checked={checked}
        onCheckedChange={(next) => {
          const on = next === true;
          onChange(on === (standard ?? false) ? undefined : on);
        }}
      />
      {worded ? null : <span aria-hidden>{t(checked ? 'yes' : 'no')}</span>}
    </span>
  );
}

interface NumberProps extends ControlProps {
  readonly unit: 'percent' | null;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export function NumberControl({ value, onChange, standard, aria, unit, min, max }: NumberProps) {
  const { readOnly } = useForm();
  return (
    <span className="flex items-center gap-1.5">
      <Input
        {...aria}
        type="number"
        readOnly={readOnly}
        min={min}
        max={max}
        className="max-w-36"
        value={typeof value === 'number' ? value : ''}
        placeholder={plainText(standard)}
        onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
      />
      {unit === 'percent' ? <span className="text-muted text-sm">%</span> : null}
    </span>
  );
}

/** A text, which may hold expressions where the form allows them. */
export function TextControl({
  value,
  onChange,
  standard,
  aria,
  long,
}: ControlProps & { readonly long: boolean }) {
  const { readOnly } = useForm();
  const control = {
    ...aria,
    readOnly,
    value: plainText(value),
    placeholder: typeof standard === 'string' ? standard : undefined,
    onChange: ({ target }: { target: { value: string } }) =>
      onChange(target.value === '' ? undefined : target.value),
  };
  return long ? <Textarea {...control} rows={3} /> : <Input {...control} autoComplete="off" />;
}

/** Radix has no value for "nothing chosen"; no registry has a value of this name. */
const UNSET = '__unset';

interface EnumProps extends ControlProps {
  readonly values: readonly string[];
  readonly required: boolean;
}

export function EnumControl({ value, onChange, standard, aria, values, required }: EnumProps) {
  const t = useTranslations('editor');
  const words = useWords();
  const { readOnly } = useForm();
  const mayClear = !required && standard === undefined && value !== undefined;
  const chosen = value ?? standard;
  const unknown = typeof chosen === 'string' && !values.includes(chosen) ? [chosen] : [];
  return (
    <Select
      {...aria}
      className="w-full"
      disabled={readOnly}
      value={plainText(chosen)}
      placeholder={t('choose')}
      onValueChange={(next) => onChange(next === UNSET || next === standard ? undefined : next)}
      options={[
        ...(mayClear ? [{ value: UNSET, label: t('notSet') }] : []),
        ...unknown.map((name) => ({ value: name, label: name })),
        ...values.map((name) => ({ value: name, label: words.option(name) })),
      ]}
    />
  );
}

/** A text that counts only when it is left or confirmed, such as a name that others refer to. */
export function SettledInput(props: {
  readonly value: string;
  readonly onSettle: (value: string) => void;
  readonly aria: ControlProps['aria'];
  readonly mono?: boolean;
}) {
  const { readOnly } = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const settle = () => {
    if (typed !== null && typed !== props.value) props.onSettle(typed);
    setTyped(null);
  };
  return (
    <Input
      {...props.aria}
      readOnly={readOnly}
      className={props.mono ? 'font-mono text-xs' : undefined}
      spellCheck={false}
      autoComplete="off"
      value={typed ?? props.value}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === 'Enter') settle();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}
