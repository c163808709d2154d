'use client';

import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

interface KindAndNameProps {
  readonly kind: string;
  readonly name: string;
  readonly types: readonly { readonly kind: string; readonly label: string }[];
  readonly words: { readonly kind: string; readonly name: string; readonly nameHint: string };
  readonly error: string | null;
  readonly onKind: (kind: string) => void;
  readonly onName: (name: string) => void;
}

/** What cannot be changed later of something that is connected: its kind, and the name that others know it by. */
export function KindAndName({ kind, name, types, words, error, onKind, onName }: KindAndNameProps) {
  return (
    <>
      <Field label={words.kind}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={kind}
            onValueChange={onKind}
            options={types.map((type) => ({ value: type.kind, label: type.label }))}
          />
        )}
      </Field>
      <Field required label={words.name} hint={words.nameHint} error={error}>
        {(control) => (
          <Input
            {...control}
            aria-required
            maxLength={63}
            spellCheck={false}
            autoComplete="off"
            value={name}
            onChange={({ target }) => onName(target.value)}
          />
        )}
      </Field>
    </>
  );
}
