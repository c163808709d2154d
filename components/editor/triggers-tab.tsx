'use client';

import { Zap } from 'lucide-react';
import { useId, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { JsonObject } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { FormContext } from '@/components/editor/form/form-context';
import { FieldFrame } from '@/components/editor/form/schema-field';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { BooleanControl, SettledInput } from '@/components/editor/form/simple-controls';
import { issuesAt } from '@/components/editor/issues.view';
import { ItemsTab } from '@/components/editor/items-tab';
import { asSchema, fieldsOf, initialOf, plainText } from '@/components/editor/schema.view';
import { TRIGGER_FIELDS } from '@/components/editor/shapes.view';
import { useWords } from '@/components/editor/use-words';
import { Select } from '@/components/ui/select';
import { EmptyState } from '@/components/ui/states';

/** What starts the pipeline by itself. */
export function TriggersTab() {
  const t = useTranslations('editor');
  const words = useWords();
  const { draft, dispatch, catalogue, issues, readOnly } = useEditor();
  const form = useMemo(() => ({ issues, readOnly, expressions: false }), [issues, readOnly]);
  const triggers = Array.isArray(draft['triggers']) ? draft['triggers'].map(asSchema) : [];
  const put = (next: readonly unknown[]) =>
    dispatch({ type: 'edit', draft: { ...draft, triggers: next.length === 0 ? undefined : next } });
  const labelOf = (type: unknown) => {
    const found = catalogue.triggers.find((one) => one.type === type);
    return words.trigger(plainText(type), found?.label ?? plainText(type));
  };
  return (
    <FormContext value={form}>
      <ItemsTab
        items={triggers}
        titleOf={(trigger) => `${labelOf(trigger['type'])} · ${plainText(trigger['id'])}`}
        addLabel={t('addTrigger')}
        empty={
          <EmptyState icon={<Zap />} title={t('noTriggersTitle')}>
            {t('noTriggers')}
          </EmptyState>
        }
        onAdd={() => put([...triggers, newTrigger(triggers)])}
        onChange={put}
      >
        {(trigger, index) => (
          <TriggerForm
            trigger={trigger}
            path={`triggers.${index}`}
            onChange={(next) => put(triggers.with(index, next))}
          />
        )}
      </ItemsTab>
    </FormContext>
  );
}

/** A schedule is what most people add first. */
function newTrigger(others: readonly JsonObject[]): JsonObject {
  const used = new Set(others.map((trigger) => trigger['id']));
  let count = others.length + 1;
  while (used.has(`trigger-${count}`)) count += 1;
  return { id: `trigger-${count}`, type: 'cron', enabled: true, config: {} };
}

interface TriggerFormProps {
  readonly trigger: JsonObject;
  readonly path: string;
  readonly onChange: (trigger: JsonObject) => void;
}

function TriggerForm({ trigger, path, onChange }: TriggerFormProps) {
  const t = useTranslations('editor');
  const words = useWords();
  const { catalogue, issues, readOnly } = useEditor();
  const id = useId();
  const type = catalogue.triggers.find((one) => one.type === trigger['type']);
  const aria = (name: string) => ({
    id: `${id}-${name}`,
    'aria-describedby': undefined,
    'aria-invalid': issuesAt(issues, `${path}.${name}`).length > 0 || undefined,
  });
  const frame = (name: string) => ({
    id: `${id}-${name}`,
    path: `${path}.${name}`,
    problems: issuesAt(issues, `${path}.${name}`).map((issue) => issue.message),
  });
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <FieldFrame {...frame('type')} label={t('triggerType')} required>
          <Select
            {...aria('type')}
            className="w-full"
            disabled={readOnly}
            value={type?.type}
            placeholder={t('choose')}
            onValueChange={(next) => {
              const schema = catalogue.triggers.find((one) => one.type === next)?.configSchema;
              onChange({ ...trigger, type: next, config: asSchema(initialOf(asSchema(schema))) });
            }}
            options={catalogue.triggers.map((one) => ({
              value: one.type,
              label: words.trigger(one.type, one.label),
            }))}
          />
        </FieldFrame>
        <FieldFrame {...frame('id')} label={t('triggerId')} required>
          <SettledInput
            mono
            aria={aria('id')}
            value={plainText(trigger['id'])}
            onSettle={(next) => onChange({ ...trigger, id: next })}
          />
        </FieldFrame>
        <FieldFrame {...frame('enabled')} label={words.field('enabled')}>
          <BooleanControl
            aria={aria('enabled')}
            path={`${path}.enabled`}
            value={trigger['enabled']}
            standard={true}
            onChange={(next) => onChange({ ...trigger, enabled: next ?? true })}
          />
        </FieldFrame>
      </div>
      <SchemaForm
        fields={fieldsOf(asSchema(type?.configSchema))}
        value={asSchema(trigger['config'])}
        path={`${path}.config`}
        onChange={(config) => onChange({ ...trigger, config })}
      />
      <SchemaForm fields={TRIGGER_FIELDS} value={trigger} path={path} onChange={onChange} />
    </>
  );
}
