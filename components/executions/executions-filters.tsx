'use client';

import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { Label, Switch } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

export interface ChosenFilters {
  readonly app: string | null;
  readonly env: string | null;
  readonly open: boolean;
}

interface ExecutionsFiltersProps {
  /** Null where the page is about one application. */
  readonly applications: readonly string[] | null;
  readonly environments: readonly string[];
  readonly chosen: ChosenFilters;
  readonly onChange: (
    change: Partial<{ app: string | null; env: string | null; open: boolean | null }>,
  ) => void;
}

/** Radix' select cannot hold an empty value; no name can contain a star. */
const ANY = '*';

export function ExecutionsFilters({ applications, environments, chosen, onChange }: ExecutionsFiltersProps) {
  const t = useTranslations('executions.filters');
  const id = useId();
  const options = (any: string, names: readonly string[]) => [
    { value: ANY, label: any },
    ...names.map((name) => ({ value: name, label: name })),
  ];
  const picked = (value: string) => (value === ANY ? null : value);
  return (
    <search aria-label={t('label')} className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      {applications ? (
        <Select
          aria-label={t('application')}
          value={chosen.app ?? ANY}
          onValueChange={(value) => onChange({ app: picked(value), env: null })}
          options={options(t('anyApplication'), applications)}
        />
      ) : null}
      <Select
        aria-label={t('environment')}
        value={chosen.env ?? ANY}
        onValueChange={(value) => onChange({ env: picked(value) })}
        options={options(t('anyEnvironment'), environments)}
        disabled={environments.length === 0}
      />
      <span className="ml-auto flex items-center gap-2">
        <Label htmlFor={id} className="font-normal text-muted">
          {t('open')}
        </Label>
        <Switch id={id} checked={chosen.open} onCheckedChange={(open) => onChange({ open: open || null })} />
      </span>
    </search>
  );
}
