'use client';

import { Plus, SquareFunction, X } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { JsonObject } from '@/components/editor/draft.view';
import { useHints } from '@/components/editor/editor-context';
import { Control } from '@/components/editor/form/control';
import { ExpressionInput } from '@/components/editor/form/expression-input';
import { useForm } from '@/components/editor/form/form-context';
import { issuesAt } from '@/components/editor/issues.view';
import {
  type FieldKind,
  type SchemaField as FieldOfSchema,
  initialOf,
  isExpression,
  kindOf,
} from '@/components/editor/schema.view';
import { useWords } from '@/components/editor/use-words';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Tooltip } from '@/components/ui/tooltip';

interface SchemaFieldProps {
  readonly field: FieldOfSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly path: string;
  /** The object that the field is part of. */
  readonly siblings: JsonObject;
}

/** Shapes that ask for several things, and so are a group and not one control. */
const GROUPS: ReadonlySet<FieldKind['kind']> = new Set([
  'object',
  'list',
  'record',
  'flags',
  'weekdays',
  'strategyOptions',
]);
/** Texts hold expressions as they are. */
const TEXTS: ReadonlySet<FieldKind['kind']> = new Set([
  'text',
  'any',
  'json',
  'expression',
  'braced',
  'cron',
]);

/** One field of a schema: its name, the control that fits, what is wrong with it, and a switch to an expression. */
export function SchemaField({ field, value, onChange, path, siblings }: SchemaFieldProps) {
  const { name, schema, required } = field;
  const form = useForm();
  const words = useWords();
  const id = useId();
  const kind = kindOf(schema, name);
  const [wanted, setWanted] = useState(false);
  const mayCompute =
    form.expressions && !TEXTS.has(kind.kind) && kind.kind !== 'strategyOptions' && !form.readOnly;
  const computed = !TEXTS.has(kind.kind) && (isExpression(value) || (wanted && value === undefined));
  const isAbsentGroup = kind.kind === 'object' && value === undefined && !required && !computed;
  const problems = issuesAt(form.issues, path, TEXTS.has(kind.kind) ? 'within' : 'self');
  const within = form.within ?? around(path);
  const label =
    kind.kind === 'strategyOptions' || kind.kind === 'cron'
      ? words.field(kind.kind)
      : words.field(name, within, schema['widget']);
  const hint =
    form.within === undefined ? words.hint(name, within, schema['widget']) : words.ownHint(name, form.within);
  const described = [hint ? `${id}-hint` : '', problems.length > 0 ? `${id}-error` : ''].filter(Boolean);
  const aria = {
    id,
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': problems.length > 0 ? true : undefined,
  };
  return (
    <FieldFrame
      id={id}
      path={path}
      label={label}
      required={required}
      group={GROUPS.has(kind.kind) && !computed}
      box={kind.kind === 'boolean' && !computed}
      hint={hint}
      problems={problems.map((problem) => problem.message)}
      action={
        <>
          {kind.kind === 'object' && value !== undefined && !required && !form.readOnly ? (
            <RemoveButton label={label} onClick={() => onChange(undefined)} />
          ) : null}
          {mayCompute ? (
            <ExpressionSwitch
              on={computed}
              label={label}
              onToggle={() => {
                setWanted(!computed);
                onChange(undefined);
              }}
            />
          ) : null}
        </>
      }
    >
      {computed ? (
        <ExpressionInput
          {...{ aria, path }}
          standard={undefined}
          autoFocus={wanted}
          value={value}
          onChange={(next) => {
            setWanted(true);
            onChange(next);
          }}
        />
      ) : isAbsentGroup ? (
        <AddButton label={label} disabled={form.readOnly} onClick={() => onChange(initialOf(schema) ?? {})} />
      ) : (
        <Control
          {...{ kind, name, value, onChange, path, siblings, aria, required }}
          standard={schema['default']}
        />
      )}
    </FieldFrame>
  );
}

/** Name of the field that a field lies in. */
function around(path: string): string {
  return (
    path
      .split('.')
      .slice(0, -1)
      .findLast((part) => !/^\d+$/.test(part)) ?? ''
  );
}

interface FieldFrameProps {
  readonly id: string;
  readonly path: string;
  readonly label: ReactNode;
  readonly required?: boolean;
  /** Holds several controls. */
  readonly group?: boolean;
  /** The control is a box to tick: its words stand beside it. */
  readonly box?: boolean;
  readonly hint?: ReactNode;
  readonly problems: readonly string[];
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Label, control, hint and problems of a field. Its path makes it possible to come here from a problem. */
export function FieldFrame(props: FieldFrameProps) {
  const { id, path, label, required = false, group = false, box = false } = props;
  const { hint, problems, action, children } = props;
  const t = useTranslations('editor');
  const missing = issuesAt(useHints(), path).filter(({ message }) => !problems.includes(message));
  const name = (
    <>
      {label}
      {required ? (
        <>
          <span aria-hidden className="text-danger-ink">
            {' *'}
          </span>
          <span className="sr-only"> ({t('required')})</span>
        </>
      ) : null}
    </>
  );
  return (
    <div
      data-path={path}
      role={group ? 'group' : undefined}
      aria-labelledby={group ? `${id}-label` : undefined}
      className="flex min-w-0 flex-col gap-1"
    >
      <div className="flex min-h-6 items-center justify-between gap-2">
        {group ? (
          <span id={`${id}-label`} className="font-medium text-sm">
            {name}
          </span>
        ) : (
          <span className="flex min-w-0 items-center gap-2">
            {box ? children : null}
            <label id={`${id}-label`} htmlFor={id} className="font-medium text-sm">
              {name}
            </label>
          </span>
        )}
        <span className="flex items-center">{action}</span>
      </div>
      {box ? null : children}
      {hint ? (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      ) : null}
      {missing.map(({ message }) => (
        <p key={message} className="text-muted text-xs">
          {message}
        </p>
      ))}
      {problems.length > 0 ? (
        <ul id={`${id}-error`} className="text-danger-ink text-xs">
          {[...new Set(problems)].map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function ExpressionSwitch({ on, label, onToggle }: { on: boolean; label: string; onToggle: () => void }) {
  const t = useTranslations('editor');
  return (
    <Tooltip content={t(on ? 'useValue' : 'useExpression')}>
      <button
        type="button"
        aria-pressed={on}
        aria-label={t('expressionOf', { field: label })}
        onClick={onToggle}
        className={cn(
          'inline-flex size-6 items-center justify-center rounded-sm hover:bg-sunken',
          on ? 'bg-accent-soft text-accent-ink' : 'text-faint hover:text-ink',
        )}
      >
        <SquareFunction aria-hidden className="size-4" />
      </button>
    </Tooltip>
  );
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  const t = useTranslations('editor');
  return (
    <Button size="sm" variant="ghost" aria-label={t('removeNamed', { name: label })} onClick={onClick}>
      <X aria-hidden />
      {t('remove')}
    </Button>
  );
}

function AddButton(props: { label: string; disabled: boolean; onClick: () => void }) {
  const t = useTranslations('editor');
  return (
    <Button size="sm" className="self-start" disabled={props.disabled} onClick={props.onClick}>
      <Plus aria-hidden />
      {t('addNamed', { name: props.label })}
    </Button>
  );
}
