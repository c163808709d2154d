'use client';

import { Copy, Trash2 } from 'lucide-react';
import { useId, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { DraftStage, JsonObject } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { FormContext } from '@/components/editor/form/form-context';
import { FieldFrame, SchemaField } from '@/components/editor/form/schema-field';
import { SchemaForm, withField } from '@/components/editor/form/schema-form';
import { SettledInput } from '@/components/editor/form/simple-controls';
import { issuesAt } from '@/components/editor/issues.view';
import { RequiresField } from '@/components/editor/requires-field';
import { asSchema, fieldsOf } from '@/components/editor/schema.view';
import { STAGE_RULES } from '@/components/editor/shapes.view';
import { useWords } from '@/components/editor/use-words';
import { IconButton } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/field';

/** The form of one stage: what it is, what it runs after, what it does, and the rules it runs under. */
export function StagePanel({ refId }: { refId: string }) {
  const t = useTranslations('editor');
  const words = useWords();
  const { draft, dispatch, catalogue, issues, readOnly } = useEditor();
  const index = draft.stages.findIndex((stage) => stage.refId === refId);
  const stage = draft.stages[index];
  const form = useMemo(() => ({ issues, readOnly, expressions: true }), [issues, readOnly]);
  const rules = useMemo(() => ({ issues, readOnly, expressions: false }), [issues, readOnly]);
  if (!stage) return null;
  const type = catalogue.stages.find((one) => one.type === stage.type);
  const about = words.stageType(stage.type, type?.label ?? stage.type);
  const path = `stages.${index}`;
  const put = (next: JsonObject) => dispatch(editStage(draft, index, { ...stage, ...next }));
  return (
    <Card
      aria-label={t('stageLabel', { name: stage.name || stage.refId })}
      onBlur={() => dispatch({ type: 'settle' })}
    >
      <StageHeader stage={stage} about={about} />
      <div className="flex flex-col gap-4 p-4">
        <FormContext value={form}>
          <Identity stage={stage} path={path} onName={(name) => put({ name })} />
          <RequiresField stage={stage} path={`${path}.requires`} />
          <Section title={t('does')}>
            <SchemaForm
              fields={fieldsOf(asSchema(type?.configSchema))}
              value={stage.config}
              path={`${path}.config`}
              onChange={(config) => put({ config })}
            />
            {issuesAt(issues, `${path}.config`).map((issue) => (
              <p key={issue.message} data-path={`${path}.config`} className="text-danger-ink text-xs">
                {issue.message}
              </p>
            ))}
          </Section>
        </FormContext>
        <FormContext value={rules}>
          <Section title={t('rules')}>
            {STAGE_RULES.map((field) => (
              <SchemaField
                key={field.name}
                field={field}
                value={stage[field.name]}
                siblings={stage}
                path={`${path}.${field.name}`}
                onChange={(next) => dispatch(editStage(draft, index, withField(stage, field.name, next)))}
              />
            ))}
          </Section>
        </FormContext>
      </div>
    </Card>
  );
}

function editStage(draft: ReturnType<typeof useEditor>['draft'], index: number, stage: JsonObject) {
  // A stage keeps its identity and place in the graph: forms only change what else it says.
  const stages = draft.stages.with(index, stage as DraftStage);
  return { type: 'edit' as const, draft: { ...draft, stages } };
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="-mx-4 flex flex-col gap-4 border-t px-4 pt-4">
      <h3 className="font-semibold text-muted text-xs">{title}</h3>
      {children}
    </section>
  );
}

interface StageHeaderProps {
  readonly stage: DraftStage;
  readonly about: { readonly name: string; readonly about: string };
}

function StageHeader({ stage, about }: StageHeaderProps) {
  const t = useTranslations('editor');
  const { dispatch, readOnly } = useEditor();
  return (
    <header className="flex items-start gap-2 border-b px-4 py-3">
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold text-base">{stage.name || stage.refId}</h2>
        <p className="text-muted text-xs">
          {about.name}
          {about.about ? ` · ${about.about}` : ''}
        </p>
      </div>
      {readOnly ? null : (
        <>
          <IconButton
            size="sm"
            label={t('duplicate')}
            onClick={() => dispatch({ type: 'duplicate', refId: stage.refId })}
          >
            <Copy aria-hidden />
          </IconButton>
          <IconButton
            size="sm"
            label={t('deleteStage')}
            onClick={() => dispatch({ type: 'remove', refId: stage.refId })}
          >
            <Trash2 aria-hidden />
          </IconButton>
        </>
      )}
    </header>
  );
}

interface IdentityProps {
  readonly stage: DraftStage;
  readonly path: string;
  readonly onName: (name: string) => void;
}

function Identity({ stage, path, onName }: IdentityProps) {
  const t = useTranslations('editor');
  const words = useWords();
  const { dispatch, issues, readOnly } = useEditor();
  const id = useId();
  const aria = (field: string) => ({
    id: `${id}-${field}`,
    'aria-describedby': undefined,
    'aria-invalid': issuesAt(issues, `${path}.${field}`).length > 0 || undefined,
  });
  const problems = (field: string) => issuesAt(issues, `${path}.${field}`).map((issue) => issue.message);
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <FieldFrame
        id={`${id}-name`}
        path={`${path}.name`}
        label={words.field('name')}
        required
        problems={problems('name')}
      >
        <Input
          {...aria('name')}
          data-stage-name
          readOnly={readOnly}
          maxLength={120}
          value={stage.name}
          onChange={(event) => onName(event.target.value)}
        />
      </FieldFrame>
      <FieldFrame
        id={`${id}-refId`}
        path={`${path}.refId`}
        label={t('refId')}
        required
        problems={problems('refId')}
      >
        <SettledInput
          mono
          aria={aria('refId')}
          value={stage.refId}
          onSettle={(next) => dispatch({ type: 'rename', refId: stage.refId, next })}
        />
      </FieldFrame>
    </div>
  );
}
