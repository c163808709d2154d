'use client';

import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { Control } from '@/components/editor/form/control';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { SettledInput } from '@/components/editor/form/simple-controls';
import { asSchema, kindOf, type Schema } from '@/components/editor/schema.view';
import { Button, IconButton } from '@/components/ui/button';

/** Values under names of their own, such as headers. */
export function RecordControl({ value, onChange, path, schema }: ControlProps & { readonly schema: Schema }) {
  const t = useTranslations('editor');
  const { readOnly } = useForm();
  const id = useId();
  const entries = Object.entries(asSchema(value));
  const put = (next: readonly (readonly [string, unknown])[]) =>
    onChange(next.length === 0 ? undefined : Object.fromEntries(next));
  const aria = (suffix: string, label: string) => ({
    id: `${id}-${suffix}`,
    'aria-label': label,
    'aria-describedby': undefined,
    'aria-invalid': undefined,
  });
  return (
    <div className="flex flex-col gap-2">
      {entries.map(([key, one], index) => (
        // A name that is being changed is still the same entry.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} data-path={`${path}.${key}`} className="flex items-start gap-1">
          <div className="w-2/5 min-w-0">
            <SettledInput
              mono
              aria={aria(`key-${index}`, t('nameOfEntry', { number: index + 1 }))}
              value={key}
              onSettle={(next) => {
                if (!entries.some(([other]) => other === next)) put(entries.with(index, [next, one]));
              }}
            />
          </div>
          <div className="min-w-0 flex-1">
            <Control
              kind={kindOf(schema)}
              name=""
              required
              siblings={{}}
              standard={undefined}
              path={`${path}.${key}`}
              aria={aria(`value-${index}`, t('valueOf', { name: key }))}
              value={one}
              onChange={(next) => put(entries.with(index, [key, next ?? '']))}
            />
          </div>
          {readOnly ? null : (
            <IconButton
              size="sm"
              label={t('removeNamed', { name: key })}
              onClick={() => put(entries.toSpliced(index, 1))}
            >
              <X aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      {readOnly ? null : (
        <Button
          size="sm"
          className="self-start"
          onClick={() => put([...entries, [freeKey(entries.map(([key]) => key)), '']])}
        >
          <Plus aria-hidden />
          {t('add')}
        </Button>
      )}
    </div>
  );
}

function freeKey(used: readonly string[]): string {
  let count = used.length + 1;
  while (used.includes(`name${count}`)) count += 1;
  return `name${count}`;
}
