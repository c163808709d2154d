'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { inUnit, toSeconds, UNITS, type Unit, unitOf } from '@/components/editor/seconds.view';
import { Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

/** Whole seconds, asked for as a number and a unit. */
export function SecondsControl({ value, onChange, standard, aria }: ControlProps) {
  const t = useTranslations('editor');
  const { readOnly } = useForm();
  const seconds = typeof value === 'number' ? value : null;
  const usual = typeof standard === 'number' ? standard : null;
  const [picked, setPicked] = useState<Unit | null>(null);
  const unit = picked ?? unitOf(seconds ?? usual ?? 0);
  return (
    <span className="flex items-center gap-1.5">
      <Input
        {...aria}
        type="number"
        min={0}
        readOnly={readOnly}
        className="max-w-28"
        value={seconds === null ? '' : inUnit(seconds, unit)}
        placeholder={usual === null ? undefined : String(inUnit(usual, unit))}
        onChange={({ target }) => {
          // From now on the person's own unit: 120 seconds must not become 2 while they type.
          setPicked(unit);
          onChange(target.value === '' ? undefined : toSeconds(Number(target.value), unit));
        }}
      />
      <Select
        aria-label={t('unit')}
        disabled={readOnly}
        value={unit}
        onValueChange={(next) => {
          const chosen = UNITS.find((one) => one === next) ?? unit;
          setPicked(chosen);
          if (seconds !== null) onChange(toSeconds(inUnit(seconds, unit), chosen));
        }}
        options={UNITS.map((one) => ({ value: one, label: t(`units.${one}`) }))}
      />
    </span>
  );
}
