'use client';

import { useTranslations } from 'use-intl';
import { withMetric } from '@/components/canary/workbench/config.view';
import { ConfigField } from '@/components/canary/workbench/config-field';
import { Fold } from '@/components/canary/workbench/fold';
import type { MetricProps } from '@/components/canary/workbench/metric-fields';
import { isWritten, queryFields } from '@/components/canary/workbench/query.view';
import { useSourceKind, useWorkbench } from '@/components/canary/workbench/workbench-context';
import { useForm } from '@/components/editor/form/form-context';
import { SchemaForm, withField } from '@/components/editor/form/schema-form';
import { issuesAt } from '@/components/editor/issues.view';
import { plainText } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Button } from '@/components/ui/button';
import { Textarea } from '@/components/ui/field';

/** What is asked of the metrics source, as that source's own schema says. */
export function QueryFields({ metric, index }: MetricProps) {
  const t = useTranslations('workbench.query');
  const words = useWords();
  const { config, put } = useWorkbench();
  const { issues, readOnly } = useForm();
  const kind = useSourceKind();
  const path = `metrics.${index}.query`;
  const { query } = metric;
  if (!kind) return <p className="text-muted text-sm">{t('noSource')}</p>;
  const ask = (next: Readonly<Record<string, unknown>>) =>
    // `type` is not among the fields of the form, so it is still what it was.
    put(withMetric(config, index, { ...metric, query: { ...next, type: query.type } }));
  if (query.type !== kind.kind) {
    return (
      <div data-path={path} className="flex flex-col items-start gap-2 rounded-md border border-caution p-3">
        <p className="text-caution-ink text-sm">{t('otherKind', { type: query.type, kind: kind.label })}</p>
        {readOnly ? null : (
          <Button
            size="sm"
            onClick={() => put(withMetric(config, index, { ...metric, query: { type: kind.kind } }))}
          >
            {t('askThis', { kind: kind.label })}
          </Button>
        )}
      </div>
    );
  }
  const { texts, others } = queryFields(kind.querySchema);
  return (
    <fieldset className="flex min-w-0 flex-col gap-4" data-path={path}>
      <legend className="sr-only">{t('title')}</legend>
      {texts.map(({ name }) => (
        <ConfigField
          key={name}
          path={`${path}.${name}`}
          label={words.field(name, 'query')}
          hint={words.hint(name, 'query')}
        >
          {(aria, isFixed) => (
            <Textarea
              {...aria}
              readOnly={isFixed}
              rows={5}
              spellCheck={false}
              autoCapitalize="off"
              className="font-mono text-xs"
              value={plainText(query[name])}
              onChange={({ target }) =>
                ask(withField(query, name, target.value === '' ? undefined : target.value))
              }
            />
          )}
        </ConfigField>
      ))}
      {texts.length > 0 && others.length > 0 ? (
        // Whoever wrote a text needs nothing else.
        <Fold title={t('others')} path={`${path}.`} isOpen={!isWritten(texts, query)}>
          <SchemaForm boxed fields={others} value={query} path={path} onChange={ask} />
        </Fold>
      ) : (
        <SchemaForm boxed fields={others} value={query} path={path} onChange={ask} />
      )}
      {issuesAt(issues, path).map(({ message }) => (
        <p key={message} className="text-danger-ink text-xs">
          {message}
        </p>
      ))}
    </fieldset>
  );
}
