'use client';

import { useTranslations } from 'use-intl';
import { readValue, valueText } from '@/components/features/draft.view';
import { useTyped } from '@/components/features/use-typed';
import { Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { type Condition, type ConditionValue, VERSION_COMPARISONS } from '@/server/domain/toggle-rules';

interface ValueFieldProps {
  readonly condition: Condition;
  readonly segments: readonly string[];
  readonly readOnly: boolean;
  /** Something is missing in the condition. */
  readonly problem: boolean;
  readonly onChange: (condition: Condition) => void;
}

/** What a condition compares with, in the way that its operator needs. */
export function ValueField({ condition, segments, readOnly, problem, onChange }: ValueFieldProps) {
  const t = useTranslations('features.rules');
  switch (condition.operator) {
    case 'inSegment':
    case 'notInSegment':
      return (
        <Select
          aria-label={t('segment')}
          aria-invalid={problem || undefined}
          disabled={readOnly}
          placeholder={segments.length > 0 ? t('chooseSegment') : t('noSegments')}
          value={condition.segment || undefined}
          onValueChange={(segment) => onChange({ ...condition, segment })}
          options={segments.map((value) => ({ value, label: value }))}
        />
      );
    case 'in':
    case 'notIn':
      return (
        <TypedInput
          value={condition.values}
          format={(values) => values.map(valueText).join(', ')}
          read={readValues}
          label={t('values')}
          placeholder={t('valuesExample')}
          onChange={(values) => onChange({ ...condition, values: [...values] })}
        />
      );
    case 'greater':
    case 'greaterOrEqual':
    case 'less':
    case 'lessOrEqual':
      return (
        <TypedInput
          value={condition.value}
          format={String}
          read={(text) => (text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text))}
          label={t('number')}
          onChange={(value) => onChange({ ...condition, value })}
        />
      );
    case 'version':
      return <VersionField {...{ condition, readOnly, onChange }} />;
    case 'contains':
    case 'notContains':
    case 'startsWith':
    case 'endsWith':
      return (
        <TextInput
          value={condition.value}
          label={t('value')}
          onChange={(value) => onChange({ ...condition, value })}
        />
      );
    case 'equals':
    case 'notEquals':
    case 'looselyEquals':
    case 'looselyNotEquals':
      return (
        <TypedInput
          value={condition.value}
          format={valueText}
          read={readValue}
          label={t('value')}
          onChange={(value) => onChange({ ...condition, value })}
        />
      );
    default: {
      const unreachable: never = condition;
      return unreachable;
    }
  }
}

interface VersionFieldProps {
  readonly condition: Extract<Condition, { operator: 'version' }>;
  readonly readOnly: boolean;
  readonly onChange: (condition: Condition) => void;
}

function VersionField({ condition, readOnly, onChange }: VersionFieldProps) {
  const t = useTranslations('features.rules');
  return (
    <>
      <Select
        aria-label={t('comparison')}
        disabled={readOnly}
        value={condition.comparison}
        onValueChange={(next) => {
          const comparison = VERSION_COMPARISONS.find((one) => one === next);
          if (comparison) onChange({ ...condition, comparison });
        }}
        options={VERSION_COMPARISONS.map((value) => ({
          value,
          label: t(`comparisons.${nameOf(value)}`),
        }))}
      />
      <TextInput
        value={condition.value}
        label={t('versionValue')}
        onChange={(value) => onChange({ ...condition, value })}
      />
    </>
  );
}

const COMPARISON_NAMES = {
  '=': 'equal',
  '!=': 'notEqual',
  '>': 'later',
  '>=': 'from',
  '<': 'earlier',
  '<=': 'upTo',
  '~': 'minor',
  '^': 'major',
} as const satisfies Record<(typeof VERSION_COMPARISONS)[number], string>;

function nameOf(comparison: (typeof VERSION_COMPARISONS)[number]) {
  return COMPARISON_NAMES[comparison];
}

/** Values between commas; none while nothing is typed. */
function readValues(text: string): ConditionValue[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map(readValue);
}

interface TypedInputProps<Value> {
  readonly value: Value;
  readonly format: (value: Value) => string;
  readonly read: (text: string) => Value | undefined;
  readonly label: string;
  readonly placeholder?: string;
  readonly onChange: (value: Value) => void;
}

function TypedInput<Value>({ value, format, read, label, placeholder, onChange }: TypedInputProps<Value>) {
  const typed = useTyped(value, format, read);
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      className="min-w-32 flex-1"
      value={typed.text}
      onChange={({ target }) => {
        const next = typed.type(target.value);
        if (next !== undefined) onChange(next);
      }}
    />
  );
}

interface TextInputProps {
  readonly value: string;
  readonly label: string;
  readonly onChange: (value: string) => void;
}

function TextInput({ value, label, onChange }: TextInputProps) {
  return (
    <Input
      aria-label={label}
      className="min-w-32 flex-1"
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
