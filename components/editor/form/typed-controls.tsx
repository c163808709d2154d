'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { fromTyped, isExpression, typedText } from '@/components/editor/schema.view';
import { Input, Textarea } from '@/components/ui/field';

/** Any value: numbers, true and false, and JSON as such, everything else as text. */
export function AnyControl({ value, onChange, aria }: ControlProps) {
  const { readOnly } = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Input
      {...aria}
      readOnly={readOnly}
      spellCheck={false}
      autoComplete="off"
      className="font-mono text-xs"
      // While someone types, their text: "1." must not become "1".
      value={typed ?? typedText(value)}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(fromTyped(target.value));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

/** JSON of several lines. It counts as soon as it can be read, or is one expression. */
export function JsonControl({ value, onChange, aria }: ControlProps) {
  const t = useTranslations('editor');
  const { readOnly } = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === undefined ? '' : isExpression(value) ? value : JSON.stringify(value, null, 2);
  const isBroken = typed !== null && readJson(typed) === undefined && typed.trim() !== '';
  return (
    <>
      <Textarea
        {...aria}
        aria-invalid={isBroken || aria['aria-invalid']}
        readOnly={readOnly}
        rows={5}
        spellCheck={false}
        className="font-mono text-xs"
        value={typed ?? shown}
        onChange={({ target }) => {
          setTyped(target.value);
          const read = readJson(target.value);
          if (read !== undefined || target.value.trim() === '') onChange(read);
        }}
        onBlur={() => {
          if (!isBroken) setTyped(null);
        }}
      />
      {isBroken ? (
        <p role="alert" className="text-danger-ink text-xs">
          {t('notJson')}
        </p>
      ) : null}
    </>
  );
}

function readJson(text: string): unknown {
  const read = fromTyped(text);
  return typeof read === 'string' && !text.trim().startsWith('"') && !isExpression(read) ? undefined : read;
}
