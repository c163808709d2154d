'use client';

import { X } from 'lucide-react';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { isOperator, OPERATORS, withOperator } from '@/components/features/draft.view';
import { ValueField } from '@/components/features/value-field';
import { IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { Condition } from '@/server/domain/toggle-rules';

interface ConditionRowProps {
  readonly condition: Condition;
  readonly number: number;
  readonly segments: readonly string[];
  readonly readOnly: boolean;
  /** Something is missing here. */
  readonly problem: boolean;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

/** What SDKs send most often. */
const USUAL_ATTRIBUTES = ['targetingKey', 'email', 'country', 'plan', 'version', 'locale'];

/** Attribute, operator, value. */
export function ConditionRow({ condition, number, segments, readOnly, problem, ...act }: ConditionRowProps) {
  const t = useTranslations('features.rules');
  const id = useId();
  return (
    <div role="group" aria-label={t('condition', { number })} className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        {'attribute' in condition ? (
          <>
            <Input
              aria-label={t('attribute')}
              aria-invalid={(problem && condition.attribute === '') || undefined}
              className="w-full sm:w-40"
              list={`${id}-attributes`}
              placeholder={t('attributeExample')}
              value={condition.attribute}
              onChange={({ target }) => act.onChange({ ...condition, attribute: target.value })}
            />
            <datalist id={`${id}-attributes`}>
              {USUAL_ATTRIBUTES.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </datalist>
          </>
        ) : null}
        <Select
          aria-label={t('operator')}
          disabled={readOnly}
          value={condition.operator}
          onValueChange={(next) => {
            if (isOperator(next)) act.onChange(withOperator(condition, next, segments));
          }}
          options={OPERATORS.filter((one) => !one.startsWith('loosely') || one === condition.operator).map(
            (value) => ({ value, label: t(`operators.${value}`) }),
          )}
        />
        <ValueField {...{ condition, segments, readOnly, problem }} onChange={act.onChange} />
        {readOnly ? null : (
          <IconButton size="sm" label={t('removeCondition', { number })} onClick={act.onRemove}>
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      {problem ? (
        <p role="alert" className="text-danger-ink text-xs">
          {t('incomplete')}
        </p>
      ) : null}
    </div>
  );
}
