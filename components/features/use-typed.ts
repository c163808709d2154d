'use client';

import { useState } from 'react';
import { isSame } from '@/components/features/draft.view';

/** A text field over a value: what was typed stays as typed for as long as it means what the value is. */
export function useTyped<Value>(
  value: Value,
  format: (value: Value) => string,
  read: (text: string) => Value | undefined,
): { readonly text: string; readonly type: (text: string) => Value | undefined } {
  const [typed, setTyped] = useState<string | null>(null);
  const understood = typed === null ? undefined : read(typed);
  const isKept = typed !== null && (understood === undefined || isSame(understood, value));
  return {
    text: isKept ? typed : format(value),
    type: (text) => {
      setTyped(text);
      return read(text);
    },
  };
}
