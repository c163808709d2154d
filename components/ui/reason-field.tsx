import { Field, Textarea } from '@/components/ui/field';

interface ReasonFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Said beside it, such as that it may not stay empty. */
  readonly error?: string | null;
  readonly value: string;
  readonly onChange: (reason: string) => void;
}

/** Why something is done, for those who read of it later. */
export function ReasonField({ label, hint, error = null, value, onChange }: ReasonFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Textarea
          {...control}
          rows={2}
          maxLength={1000}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
