'use client';

import { type ReactNode, useId } from 'react';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { FieldFrame } from '@/components/editor/form/schema-field';
import { issuesAt } from '@/components/editor/issues.view';

interface ConfigFieldProps {
  /** Dotted, into the configuration. */
  readonly path: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly required?: boolean;
  readonly children: (aria: ControlProps['aria'], readOnly: boolean) => ReactNode;
}

/** A field of the configuration: label, control, hint, and what is wrong with it. */
export function ConfigField({ path, label, hint, required = false, children }: ConfigFieldProps) {
  const id = useId();
  const { issues, readOnly } = useForm();
  const problems = issuesAt(issues, path).map(({ message }) => message);
  const described = [hint ? `${id}-hint` : '', problems.length > 0 ? `${id}-error` : ''].filter(Boolean);
  const aria = {
    id,
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': problems.length > 0 ? true : undefined,
  };
  return (
    <FieldFrame {...{ id, path, label, hint, required, problems }}>{children(aria, readOnly)}</FieldFrame>
  );
}
