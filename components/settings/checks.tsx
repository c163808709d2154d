'use client';

import { type ReactNode, useId } from 'react';
import { Checkbox } from '@/components/ui/field';

interface ChecksProps<V extends string> {
  readonly legend: string;
  readonly options: readonly { readonly value: V; readonly label: string; readonly hint?: ReactNode }[];
  readonly chosen: readonly V[];
  readonly onChange: (chosen: readonly V[]) => void;
  readonly error?: string | null;
}

/** Any number of a few. */
export function Checks<V extends string>({ legend, options, chosen, onChange, error }: ChecksProps<V>) {
  const id = useId();
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      <div className="grid gap-1.5 sm:grid-cols-2">
        {options.map(({ value, label, hint }) => (
          <div key={value} className="flex items-start gap-2">
            <Checkbox
              id={`${id}-${value}`}
              className="mt-0.5"
              checked={chosen.includes(value)}
              onCheckedChange={(on) =>
                onChange(on === true ? [...chosen, value] : chosen.filter((other) => other !== value))
              }
            />
            <label htmlFor={`${id}-${value}`} className="min-w-0 cursor-pointer text-sm">
              {label}
              {hint ? <span className="block text-muted text-xs">{hint}</span> : null}
            </label>
          </div>
        ))}
      </div>
      {error ? (
        <p id={`${id}-error`} role="alert" className="mt-1 text-danger-ink text-xs">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
