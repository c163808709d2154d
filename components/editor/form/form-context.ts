'use client';

import { createContext, useContext } from 'react';
import type { Issue } from '@/components/editor/issues.view';

/** What the fields of a form share. */
export interface FormContextValue {
  readonly issues: readonly Issue[];
  readonly readOnly: boolean;
  /** Whether a value may be worked out when the stage starts. */
  readonly expressions: boolean;
  /** What the fields are part of, where their paths do not say it: the same name may mean something else there. */
  readonly within?: string;
}

export const FormContext = createContext<FormContextValue>({
  issues: [],
  readOnly: true,
  expressions: false,
});

export function useForm(): FormContextValue {
  return useContext(FormContext);
}

/** What every control gets: a value, how to change it, and how it is spoken. */
export interface ControlProps<Value = unknown> {
  readonly value: Value;
  /** Undefined leaves the field out. */
  readonly onChange: (value: unknown) => void;
  /** Dotted, into the definition. */
  readonly path: string;
  /** What holds if nothing is said. */
  readonly standard: unknown;
  readonly aria: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  };
}
