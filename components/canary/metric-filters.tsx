'use client';

import { useTranslations } from 'use-intl';
import { VerdictMark } from '@/components/canary/marks';
import { groupNames, verdictCounts } from '@/components/canary/report.view';
import { useNumbers } from '@/components/canary/use-numbers';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { MetricResult, MetricVerdict } from '@/server/domain/canary';

export interface ChosenMetrics {
  readonly group: string | null;
  readonly verdict: MetricVerdict | null;
  readonly metric: string;
}

interface MetricFiltersProps {
  readonly results: readonly MetricResult[];
  readonly chosen: ChosenMetrics;
  readonly onChange: (next: {
    group?: string | null;
    verdict?: MetricVerdict | null;
    metric?: string | null;
  }) => void;
}

/** Radix' select cannot hold an empty value. */
const ANY = '*';
/** Fewer can be seen at a glance. */
const WORTH_SEARCHING = 8;

/** Which metrics are shown: by verdict, group and name. */
export function MetricFilters({ results, chosen, onChange }: MetricFiltersProps) {
  const t = useTranslations('canary.metrics');
  const words = useTranslations('canary');
  const numbers = useNumbers();
  const groups = groupNames(results);
  return (
    <search className="ml-auto flex flex-wrap items-center gap-2">
      <div role="group" aria-label={t('verdicts')} className="flex flex-wrap gap-1">
        <Chip pressed={chosen.verdict === null} onClick={() => onChange({ verdict: null })}>
          {t('all', { count: numbers.count(results.length) })}
        </Chip>
        {verdictCounts(results).map(({ verdict, count }) => (
          <Chip
            key={verdict}
            pressed={chosen.verdict === verdict}
            onClick={() => onChange({ verdict: chosen.verdict === verdict ? null : verdict })}
          >
            <VerdictMark verdict={verdict} /> {numbers.count(count)}
          </Chip>
        ))}
      </div>
      {groups.length > 1 ? (
        <Select
          aria-label={t('group')}
          value={chosen.group ?? ANY}
          onValueChange={(next) => onChange({ group: next === ANY ? null : next })}
          options={[
            { value: ANY, label: t('anyGroup') },
            ...groups.map((name) => ({
              value: name,
              label: name === 'ungrouped' ? words('groups.ungrouped') : name,
            })),
          ]}
          className="max-w-44"
        />
      ) : null}
      {results.length > WORTH_SEARCHING ? (
        <Input
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          value={chosen.metric}
          onChange={(event) => onChange({ metric: event.target.value || null })}
          className="w-40"
        />
      ) : null}
    </search>
  );
}

interface ChipProps {
  readonly pressed: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Chip({ pressed, onClick, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={cn(
        'inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs hover:bg-sunken',
        pressed ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      {children}
    </button>
  );
}
