'use client';

import { useId, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { JsonObject } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { FormContext } from '@/components/editor/form/form-context';
import { FieldFrame } from '@/components/editor/form/schema-field';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { issuesAt } from '@/components/editor/issues.view';
import { PIPELINE_FIELDS, RULE_FIELDS } from '@/components/editor/shapes.view';
import { useWords } from '@/components/editor/use-words';
import { Card, CardHeader, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/field';

/** What holds for the pipeline as a whole: its name, how many run at once, who is told. */
export function RulesTab({ isNew }: { isNew: boolean }) {
  const t = useTranslations('editor');
  const words = useWords();
  const { draft, dispatch, issues, readOnly } = useEditor();
  const form = useMemo(() => ({ issues, readOnly, expressions: false }), [issues, readOnly]);
  const id = useId();
  const problems = issuesAt(issues, 'name').map((issue) => issue.message);
  // Forms change what else the definition says; name and stages stay.
  const put = (next: JsonObject) =>
    dispatch({ type: 'edit', draft: { ...next, name: draft.name, stages: draft.stages } });
  return (
    <FormContext value={form}>
      <div className="flex max-w-3xl flex-col gap-4" onBlur={() => dispatch({ type: 'settle' })}>
        <Card>
          <CardHeader>
            <CardTitle>{t('pipeline')}</CardTitle>
          </CardHeader>
          <div className="flex flex-col gap-4 p-4">
            <FieldFrame
              id={id}
              path="name"
              label={words.field('name')}
              required
              hint={t(isNew ? 'nameHint' : 'nameFixed')}
              problems={problems}
            >
              <Input
                id={id}
                aria-invalid={problems.length > 0 || undefined}
                readOnly={readOnly || !isNew}
                maxLength={63}
                spellCheck={false}
                autoComplete="off"
                className="font-mono text-xs"
                value={draft.name}
                onChange={({ target }) => dispatch({ type: 'edit', draft: { ...draft, name: target.value } })}
              />
            </FieldFrame>
            <SchemaForm fields={PIPELINE_FIELDS} value={draft} path="" onChange={put} />
          </div>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>{t('pipelineRules')}</CardTitle>
          </CardHeader>
          <div className="flex flex-col gap-4 p-4">
            <SchemaForm fields={RULE_FIELDS} value={draft} path="" onChange={put} />
          </div>
        </Card>
      </div>
    </FormContext>
  );
}
