'use client';

import { useTranslations } from 'use-intl';
import type { ParameterDefinition } from '@/components/pipelines/pipeline.view';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

interface ParameterFieldsProps {
  readonly parameters: readonly ParameterDefinition[];
  readonly values: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly onChange: (name: string, value: string) => void;
}

/** One field per parameter of a pipeline; a choice where the pipeline offers options. */
export function ParameterFields({ parameters, values, missing, onChange }: ParameterFieldsProps) {
  const t = useTranslations('pipelines.run');
  return parameters.map((parameter) => {
    const label = parameter.label ?? parameter.name;
    return (
      <Field
        key={parameter.name}
        label={parameter.required ? label : t('optional', { label })}
        hint={parameter.description}
        error={missing.includes(parameter.name) ? t('required') : null}
      >
        {(control) =>
          parameter.options && parameter.options.length > 0 ? (
            <Select
              {...control}
              value={values[parameter.name] || undefined}
              onValueChange={(value) => onChange(parameter.name, value)}
              placeholder={t('choose')}
              options={parameter.options.map(String).map((value) => ({ value, label: value }))}
              className="w-full"
            />
          ) : (
            <Input
              {...control}
              required={parameter.required}
              value={values[parameter.name] ?? ''}
              onChange={(event) => onChange(parameter.name, event.target.value)}
            />
          )
        }
      </Field>
    );
  });
}
