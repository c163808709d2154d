'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { readVariantValue, valueText } from '@/components/features/features.view';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import type { FlagValueType, Variants } from '@/server/domain/toggles';

/** A variant while somebody types it. */
export interface TypedVariant {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

export function typedVariants(variants: Variants): TypedVariant[] {
  return Object.entries(variants).map(([name, value], id) => ({ id, name, text: valueText(value) }));
}

/** The variants, or null while a name is missing or twice there, or a value is none of the type. */
export function readVariants(type: FlagValueType, typed: readonly TypedVariant[]): Variants | null {
  const entries = typed.map(({ name, text }) => [name.trim(), readVariantValue(type, text)] as const);
  const names = new Set(entries.map(([name]) => name));
  if (entries.length === 0 || names.size < entries.length || names.has('')) return null;
  const known = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return known.length < entries.length ? null : Object.fromEntries(known);
}

interface VariantsEditorProps {
  readonly type: FlagValueType;
  readonly value: readonly TypedVariant[];
  readonly readOnly?: boolean;
  readonly onChange: (value: readonly TypedVariant[]) => void;
}

/** What a feature can serve: names, and what the code gets for each. */
export function VariantsEditor({ type, value, readOnly = false, onChange }: VariantsEditorProps) {
  const t = useTranslations('features.variants');
  const put = (changed: TypedVariant) =>
    onChange(value.map((one) => (one.id === changed.id ? changed : one)));
  const nextId = Math.max(-1, ...value.map(({ id }) => id)) + 1;
  const isWrong = readVariants(type, value) === null;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">{t('title')}</legend>
      {value.map((one) => (
        <div key={one.id} className="flex items-center gap-2">
          <Input
            aria-label={t('name')}
            placeholder={t('name')}
            disabled={readOnly}
            className="max-w-48"
            value={one.name}
            onChange={({ target }) => put({ ...one, name: target.value })}
          />
          <Input
            aria-label={t('valueOf', { name: one.name })}
            aria-invalid={readVariantValue(type, one.text) === undefined || undefined}
            disabled={readOnly}
            className="font-mono"
            value={one.text}
            onChange={({ target }) => put({ ...one, text: target.value })}
          />
          {readOnly || value.length < 2 ? null : (
            <IconButton
              size="sm"
              label={t('remove', { name: one.name })}
              onClick={() => onChange(value.filter(({ id }) => id !== one.id))}
            >
              <X aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      {isWrong ? (
        <p role="alert" className="text-danger-ink text-xs">
          {t(`wrong.${type}`)}
        </p>
      ) : null}
      {readOnly ? null : (
        <Button
          size="sm"
          variant="ghost"
          className="self-start"
          onClick={() => onChange([...value, { id: nextId, name: '', text: '' }])}
        >
          <Plus aria-hidden />
          {t('add')}
        </Button>
      )}
    </fieldset>
  );
}
