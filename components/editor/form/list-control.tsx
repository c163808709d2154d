'use client';

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useTranslations } from 'use-intl';
import { Control, Nested } from '@/components/editor/form/control';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { issuesAt } from '@/components/editor/issues.view';
import { asSchema, initialItem, kindOf, type Schema } from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Button, IconButton } from '@/components/ui/button';

interface ListProps extends ControlProps {
  readonly item: Schema;
  readonly name: string;
}

/** Any number of the same, in an order. */
export function ListControl({ value, onChange, standard, path, item, name }: ListProps) {
  const t = useTranslations('editor');
  const words = useWords();
  const { readOnly, within } = useForm();
  const called = words.field(name, within);
  const entries: readonly unknown[] = Array.isArray(value ?? standard) ? ((value ?? standard) as []) : [];
  const put = (next: readonly unknown[]) =>
    onChange(next.length === 0 && !Array.isArray(standard) ? undefined : next);
  return (
    <div className="flex flex-col gap-2">
      {entries.length > 0 ? (
        <ol className="flex flex-col gap-2">
          {entries.map((entry, index) => (
            // Entries have no identity of their own: they are what stands at a place.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="flex items-start gap-1">
              <div className="min-w-0 flex-1">
                <Entry
                  item={item}
                  value={entry}
                  label={t('entry', { name: called, number: index + 1 })}
                  path={`${path}.${index}`}
                  onChange={(next) => put(entries.with(index, next ?? initialItem(item)))}
                />
              </div>
              {readOnly ? null : (
                <EntryButtons
                  number={index + 1}
                  isFirst={index === 0}
                  isLast={index === entries.length - 1}
                  onUp={() => put(moved(entries, index, index - 1))}
                  onDown={() => put(moved(entries, index, index + 1))}
                  onRemove={() => put(entries.toSpliced(index, 1))}
                />
              )}
            </li>
          ))}
        </ol>
      ) : null}
      {readOnly ? null : (
        <Button size="sm" className="self-start" onClick={() => put([...entries, initialItem(item)])}>
          <Plus aria-hidden />
          {t('addNamed', { name: called })}
        </Button>
      )}
    </div>
  );
}

interface EntryProps {
  readonly item: Schema;
  readonly value: unknown;
  readonly label: string;
  readonly path: string;
  readonly onChange: (value: unknown) => void;
}

function Entry({ item, value, label, path, onChange }: EntryProps) {
  const { issues } = useForm();
  const id = useId();
  const kind = kindOf(item);
  const problems = issuesAt(issues, path);
  const aria = {
    id,
    'aria-label': label,
    'aria-describedby': problems.length > 0 ? `${id}-error` : undefined,
    'aria-invalid': problems.length > 0 ? true : undefined,
  };
  const control = { value, onChange, path, aria, standard: undefined };
  return (
    <div data-path={path} role={kind.kind === 'object' ? 'group' : undefined} aria-label={label}>
      {kind.kind === 'object' ? (
        <Nested>
          <SchemaForm boxed fields={kind.fields} value={asSchema(value)} path={path} onChange={onChange} />
        </Nested>
      ) : (
        <Control {...control} kind={kind} name="" siblings={{}} required />
      )}
      {problems.length > 0 ? (
        <p id={`${id}-error`} className="text-danger-ink text-xs">
          {problems.map((problem) => problem.message).join('; ')}
        </p>
      ) : null}
    </div>
  );
}

interface EntryButtonsProps {
  readonly number: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onRemove: () => void;
}

function EntryButtons({ number, isFirst, isLast, onUp, onDown, onRemove }: EntryButtonsProps) {
  const t = useTranslations('editor');
  return (
    <span className="flex shrink-0">
      {isFirst && isLast ? null : (
        <>
          <IconButton size="sm" label={t('moveUp', { number })} disabled={isFirst} onClick={onUp}>
            <ArrowUp aria-hidden />
          </IconButton>
          <IconButton size="sm" label={t('moveDown', { number })} disabled={isLast} onClick={onDown}>
            <ArrowDown aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton size="sm" label={t('removeEntry', { number })} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </span>
  );
}

function moved(entries: readonly unknown[], from: number, to: number): readonly unknown[] {
  return entries.toSpliced(from, 1).toSpliced(to, 0, entries[from]);
}
