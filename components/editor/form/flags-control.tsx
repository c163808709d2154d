'use client';

import { type ReactNode, useId } from 'react';
import { useLocale } from 'use-intl';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { useWords } from '@/components/editor/use-words';
import { Checkbox } from '@/components/ui/field';

/** Any of some words, in their own order. */
export function FlagsControl({
  value,
  onChange,
  standard,
  values,
}: ControlProps & { readonly values: readonly string[] }) {
  const words = useWords();
  const chosen = listOf(value ?? standard);
  return (
    <Checks
      options={values.map((name) => ({ key: name, label: words.option(name) }))}
      isOn={(name) => chosen.includes(name)}
      onToggle={(name, on) => onChange(values.filter((one) => (one === name ? on : chosen.includes(one))))}
    />
  );
}

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** ISO days of the week; all of them when none is said. */
export function WeekdaysControl({ value, onChange }: ControlProps) {
  const locale = useLocale();
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const chosen = Array.isArray(value) ? listOf(value) : DAYS;
  return (
    <Checks
      // The first of January 2024 was a Monday.
      options={DAYS.map((day) => ({ key: String(day), label: format.format(Date.UTC(2024, 0, day)) }))}
      isOn={(day) => chosen.includes(Number(day))}
      onToggle={(day, on) => {
        const next = DAYS.filter((one) => (String(one) === day ? on : chosen.includes(one)));
        onChange(next.length === DAYS.length || next.length === 0 ? undefined : next);
      }}
    />
  );
}

interface ChecksProps {
  readonly options: readonly { readonly key: string; readonly label: ReactNode }[];
  readonly isOn: (key: string) => boolean;
  readonly onToggle: (key: string, on: boolean) => void;
}

function Checks({ options, isOn, onToggle }: ChecksProps) {
  const { readOnly } = useForm();
  const id = useId();
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1">
      {options.map(({ key, label }) => (
        <span key={key} className="inline-flex h-7 items-center gap-1.5">
          <Checkbox
            id={`${id}-${key}`}
            disabled={readOnly}
            checked={isOn(key)}
            onCheckedChange={(next) => onToggle(key, next === true)}
          />
          <label htmlFor={`${id}-${key}`} className="text-sm">
            {label}
          </label>
        </span>
      ))}
    </span>
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
