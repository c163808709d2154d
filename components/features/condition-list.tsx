'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ConditionRow } from '@/components/features/condition-row';
import type { DraftProblem } from '@/components/features/draft.view';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import type { Condition, Conditions } from '@/server/domain/toggle-rules';

interface ConditionListProps {
  readonly value: Conditions;
  readonly segments: readonly string[];
  readonly readOnly: boolean;
  readonly problems: readonly DraftProblem[];
  /** Of the problems' paths, up to `conditions`. */
  readonly prefix: string;
  readonly onChange: (value: Conditions) => void;
}

const NEW: Condition = { operator: 'equals', attribute: '', value: '' };

/** Conditions that all, or any, must hold; none for everyone. */
export function ConditionList({ value, segments, readOnly, problems, prefix, onChange }: ConditionListProps) {
  const t = useTranslations('features.rules');
  const { match, conditions } = value;
  const put = (next: readonly Condition[]) => onChange({ match, conditions: [...next] });
  return (
    <div className="flex flex-col gap-2">
      {conditions.length === 0 ? <p className="text-muted text-sm">{t('noConditions')}</p> : null}
      {conditions.length > 1 ? (
        <Select
          aria-label={t('match')}
          className="self-start"
          disabled={readOnly}
          value={match}
          onValueChange={(next) => onChange({ match: next === 'any' ? 'any' : 'all', conditions })}
          options={[
            { value: 'all', label: t('all') },
            { value: 'any', label: t('any') },
          ]}
        />
      ) : null}
      {conditions.map((condition, index) => (
        <ConditionRow
          // oxlint-disable-next-line react/no-array-index-key -- a condition has no name but its place
          key={index}
          {...{ condition, segments, readOnly }}
          number={index + 1}
          problem={problems.some(({ path }) => path.startsWith(`${prefix}conditions.${index}`))}
          onChange={(next) => put(conditions.map((one, at) => (at === index ? next : one)))}
          onRemove={() => put(conditions.toSpliced(index, 1))}
        />
      ))}
      {readOnly ? null : (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => put([...conditions, NEW])}>
          <Plus aria-hidden />
          {t('addCondition')}
        </Button>
      )}
    </div>
  );
}
