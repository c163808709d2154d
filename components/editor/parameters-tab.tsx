'use client';

import { SlidersHorizontal } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { FormContext } from '@/components/editor/form/form-context';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { ItemsTab } from '@/components/editor/items-tab';
import { asSchema, plainText } from '@/components/editor/schema.view';
import { PARAMETER_FIELDS } from '@/components/editor/shapes.view';
import { EmptyState } from '@/components/ui/states';

/** What the pipeline asks for when it starts. */
export function ParametersTab() {
  const t = useTranslations('editor');
  const { draft, dispatch, issues, readOnly } = useEditor();
  const form = useMemo(() => ({ issues, readOnly, expressions: false }), [issues, readOnly]);
  const parameters = Array.isArray(draft['parameters']) ? draft['parameters'].map(asSchema) : [];
  const put = (next: readonly unknown[]) => dispatch({ type: 'edit', draft: { ...draft, parameters: next } });
  return (
    <FormContext value={form}>
      <ItemsTab
        items={parameters}
        titleOf={(parameter, index) =>
          plainText(parameter['name']) || t('parameterNumber', { number: index + 1 })
        }
        addLabel={t('addParameter')}
        empty={
          <EmptyState icon={<SlidersHorizontal />} title={t('noParametersTitle')}>
            {t('noParameters')}
          </EmptyState>
        }
        onAdd={() => put([...parameters, { name: '', required: false }])}
        onChange={put}
      >
        {(parameter, index) => (
          <SchemaForm
            fields={PARAMETER_FIELDS}
            value={parameter}
            path={`parameters.${index}`}
            onChange={(next) => put(parameters.with(index, next))}
          />
        )}
      </ItemsTab>
    </FormContext>
  );
}
