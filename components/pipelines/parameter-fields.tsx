'use client';

import { useTranslations } from 'use-intl';
import { choicesOf, inputTypeOf, type ParameterDefinition } from '@/components/pipelines/pipeline.view';
import { Field, type FieldControlProps, Input } from '@/components/ui/field';
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
        {(control) => (
          <ParameterControl
            {...control}
            parameter={parameter}
            value={values[parameter.name] ?? ''}
            onChange={(value) => onChange(parameter.name, value)}
          />
        )}
      </Field>
    );
  });
}

interface ParameterControlProps extends FieldControlProps {
  readonly parameter: ParameterDefinition;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ParameterControl({ parameter, value, onChange, ...control }: ParameterControlProps) {
  const t = useTranslations('pipelines.run');
  const choices = choicesOf(parameter);
  if (choices) {
    return (
      <Select
        {...control}
        value={value || undefined}
        onValueChange={onChange}
        placeholder={t('choose')}
        options={choices.map((choice) => ({
          value: choice,
          label: parameter.type === 'boolean' ? t(choice === 'true' ? 'yes' : 'no') : choice,
        }))}
        className="w-full"
      />
    );
  }
  return (
    <Input
      {...control}
      type={inputTypeOf(parameter)}
      step={parameter.type === 'number' ? 'any' : undefined}
      required={parameter.required}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
