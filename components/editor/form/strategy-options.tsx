'use client';

import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { Nested } from '@/components/editor/form/control';
import type { ControlProps } from '@/components/editor/form/form-context';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { asSchema, fieldsOf } from '@/components/editor/schema.view';

/** The chosen strategy's own form. */
export function StrategyOptions({
  strategy,
  value,
  onChange,
  path,
}: ControlProps & { readonly strategy: unknown }) {
  const t = useTranslations('editor');
  const { catalogue } = useEditor();
  const found = catalogue.strategies.find(({ kind }) => kind === strategy);
  const fields = fieldsOf(asSchema(found?.optionsSchema));
  if (fields.length === 0)
    return <p className="text-muted text-sm">{t(found ? 'noOptions' : 'noStrategy')}</p>;
  return (
    <Nested>
      <SchemaForm
        boxed
        fields={fields}
        value={asSchema(value)}
        path={path}
        onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)}
      />
    </Nested>
  );
}
