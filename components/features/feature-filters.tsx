'use client';

import { Search } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useTranslations } from 'use-intl';
import type { FeatureFilter, filterChoices } from '@/components/features/features.view';
import { Checkbox, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TOGGLE_KINDS } from '@/server/domain/toggles';

const ANY = 'any';

/** The filter as it stands in the address. */
export function useFeatureFilter() {
  const [values, set] = useQueryStates({
    q: parseAsString.withDefault(''),
    app: parseAsString.withDefault(''),
    kind: parseAsString.withDefault(''),
    tag: parseAsString.withDefault(''),
    stale: parseAsBoolean.withDefault(false),
    archived: parseAsBoolean.withDefault(false),
  });
  const filter: FeatureFilter = {
    text: values.q,
    application: values.app,
    kind: values.kind,
    tag: values.tag,
    stale: values.stale,
  };
  return { filter, archived: values.archived, set, clear: () => void set(null) };
}

interface FeatureFiltersProps {
  readonly filter: FeatureFilter;
  /** Those that are archived, in place of the others. */
  readonly archived: boolean;
  readonly set: ReturnType<typeof useFeatureFilter>['set'];
  readonly choices: ReturnType<typeof filterChoices>;
  /** In the page of an application there is nothing to choose. */
  readonly isOfOneApplication: boolean;
}

export function FeatureFilters({ filter, archived, set, choices, isOfOneApplication }: FeatureFiltersProps) {
  const t = useTranslations('features');
  const chosen = (value: string) => (value === ANY ? null : value);
  const options = (all: string, values: readonly { value: string; label: string }[]) => [
    { value: ANY, label: all },
    ...values,
  ];
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <search className="flex flex-wrap items-center gap-2 pb-3">
      <div className="relative w-full sm:w-64">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-faint" />
        <Input
          data-page-search
          type="search"
          aria-label={t('filter.text')}
          aria-keyshortcuts="/"
          placeholder={t('filter.text')}
          className="pl-8"
          value={filter.text}
          onChange={({ target }) => void set({ q: target.value || null })}
        />
      </div>
      {isOfOneApplication ? null : (
        <Select
          aria-label={t('filter.application')}
          value={filter.application || ANY}
          onValueChange={(value) => void set({ app: chosen(value) })}
          options={options(t('filter.anyApplication'), plain(choices.applications))}
        />
      )}
      <Select
        aria-label={t('filter.kind')}
        value={filter.kind || ANY}
        onValueChange={(value) => void set({ kind: chosen(value) })}
        options={options(
          t('filter.anyKind'),
          TOGGLE_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) })),
        )}
      />
      {choices.tags.length > 0 ? (
        <Select
          aria-label={t('filter.tag')}
          value={filter.tag || ANY}
          onValueChange={(value) => void set({ tag: chosen(value) })}
          options={options(t('filter.anyTag'), plain(choices.tags))}
        />
      ) : null}
      <label className="inline-flex h-8 cursor-pointer items-center gap-2 text-sm">
        <Checkbox
          checked={filter.stale}
          onCheckedChange={(on) => void set({ stale: on === true ? true : null })}
        />
        {t('filter.stale')}
      </label>
      <label className="inline-flex h-8 cursor-pointer items-center gap-2 text-sm">
        <Checkbox
          checked={archived}
          onCheckedChange={(on) => void set({ archived: on === true ? true : null })}
        />
        {t('filter.archived')}
      </label>
    </search>
  );
}
