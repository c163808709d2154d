'use client';

import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { JsonObject } from '@/components/editor/draft.view';
import { useForm } from '@/components/editor/form/form-context';
import { SchemaField } from '@/components/editor/form/schema-field';
import { issuesAt } from '@/components/editor/issues.view';
import { type SchemaField as FieldOfSchema, splitFields } from '@/components/editor/schema.view';

interface SchemaFormProps {
  readonly fields: readonly FieldOfSchema[];
  readonly value: JsonObject;
  readonly onChange: (value: JsonObject) => void;
  /** Dotted, into the definition; '' for the definition itself. */
  readonly path: string;
  /** Stands in a box of its own. */
  readonly boxed?: boolean;
}

/** The fields of an object. What few people need is folded away until it is used or wrong. */
export function SchemaForm({ fields, value, onChange, path, boxed = false }: SchemaFormProps) {
  const t = useTranslations('editor');
  const { issues } = useForm();
  const { first, more } = splitFields(fields, boxed);
  const field = (one: FieldOfSchema) => (
    <SchemaField
      key={one.name}
      field={one}
      value={value[one.name]}
      siblings={value}
      path={below(path, one.name)}
      onChange={(next) => onChange(withField(value, one.name, next))}
    />
  );
  const isUsed = more.some(
    ({ name }) => value[name] !== undefined || issuesAt(issues, below(path, name), 'within').length > 0,
  );
  return (
    <>
      {first.map(field)}
      {more.length > 0 ? (
        <details open={isUsed || undefined} className="group rounded-md border">
          <summary className="flex h-8 items-center gap-1.5 rounded-md px-2.5 text-muted text-sm hover:bg-sunken hover:text-ink">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            {t('more', { count: more.length })}
          </summary>
          <div className="flex flex-col gap-4 border-t p-3">{more.map(field)}</div>
        </details>
      ) : null}
    </>
  );
}

/** An object with one field changed; undefined takes it out. */
export function withField(value: JsonObject, name: string, next: unknown): JsonObject {
  if (next !== undefined) return { ...value, [name]: next };
  const { [name]: _gone, ...rest } = value;
  return rest;
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
