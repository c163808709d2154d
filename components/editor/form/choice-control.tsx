'use client';

import { useTranslations } from 'use-intl';
import { Nested } from '@/components/editor/form/control';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { asSchema, type Branch } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Select } from '@/components/ui/select';

interface ChoiceProps extends ControlProps {
  readonly branches: readonly Branch[];
  readonly required: boolean;
}

/** A value of one of several shapes: first which, then what that asks for. */
export function ChoiceControl({ value, onChange, standard, aria, path, branches }: ChoiceProps) {
  const t = useTranslations('editor');
  const words = useWords();
  const { readOnly } = useForm();
  const current = branches.find((branch) => branch.fits(value ?? standard));
  return (
    <div className="flex flex-col gap-2">
      <Select
        {...aria}
        className="w-full"
        disabled={readOnly}
        placeholder={t('choose')}
        value={current?.key}
        onValueChange={(key) => {
          const branch = branches.find((one) => one.key === key);
          if (branch && branch !== current)
            onChange(branch.initial === standard ? undefined : branch.initial);
        }}
        options={branches.map(({ key }) => ({ value: key, label: words.option(key) }))}
      />
      {current && current.fields.length > 0 ? (
        <Nested>
          <SchemaForm boxed fields={current.fields} value={asSchema(value)} path={path} onChange={onChange} />
        </Nested>
      ) : null}
    </div>
  );
}
