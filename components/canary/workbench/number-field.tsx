'use client';

import { ConfigField } from '@/components/canary/workbench/config-field';
import { Input } from '@/components/ui/field';

interface NumberFieldProps {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  /** Shown while nothing is said. */
  readonly usual?: number;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** Undefined when it was cleared. */
  readonly onChange: (value: number | undefined) => void;
}

/** A number with its unit; empty where the configuration says nothing. */
export function NumberField({ value, usual, unit, min, max, onChange, ...field }: NumberFieldProps) {
  return (
    <ConfigField {...field}>
      {(aria, readOnly) => (
        <span className="flex items-center gap-1.5">
          <Input
            {...aria}
            {...{ readOnly, min, max }}
            type="number"
            step="any"
            className="max-w-28 text-right tabular-nums"
            value={value ?? ''}
            placeholder={usual === undefined ? undefined : String(usual)}
            onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
          />
          {unit ? <span className="text-muted text-sm">{unit}</span> : null}
        </span>
      )}
    </ConfigField>
  );
}
