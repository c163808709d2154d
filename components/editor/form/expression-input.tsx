'use client';

import { useTranslations } from 'use-intl';
import { useEditor } from '@/components/editor/editor-context';
import { type ControlProps, useForm } from '@/components/editor/form/form-context';
import { asSchema, innerExpression, plainText } from '@/components/editor/schema.view';
import { Input } from '@/components/ui/field';

/**
 * An expression. `bare` fields hold it without `${}`; elsewhere the braces stand around it, unless the
 * text mixes expressions with other words.
 */
export function ExpressionInput({
  value,
  onChange,
  aria,
  bare = false,
  autoFocus = false,
}: ControlProps & {
  readonly bare?: boolean;
  /** For one that someone has just asked for. */
  readonly autoFocus?: boolean;
}) {
  const t = useTranslations('editor');
  const { readOnly } = useForm();
  const text = typeof value === 'string' ? value : '';
  const inner = bare || text === '' ? text : innerExpression(text);
  const wrapped = !bare && inner !== null;
  const names = useNames();
  const list = `${aria.id}-names`;
  return (
    <span className="flex min-w-0 items-center gap-1 font-mono text-xs">
      {wrapped ? (
        <span aria-hidden className="text-muted">
          {'${'}
        </span>
      ) : null}
      <Input
        {...aria}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- a person pressed the button that shows it
        autoFocus={autoFocus}
        readOnly={readOnly}
        value={inner ?? text}
        list={list}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        placeholder={t('expressionExample')}
        className="font-mono text-xs"
        onChange={(event) => {
          const next = event.target.value;
          onChange(next === '' ? undefined : wrapped && !next.includes('${') ? `\${${next}}` : next);
        }}
      />
      {wrapped ? (
        <span aria-hidden className="text-muted">
          {'}'}
        </span>
      ) : null}
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </span>
  );
}

/** What an expression may speak of: parameters, other stages, what started the execution. */
function useNames(): readonly string[] {
  const { draft } = useEditor();
  const parameters = Array.isArray(draft['parameters']) ? draft['parameters'] : [];
  return [
    ...parameters.map((parameter) => `parameters.${plainText(asSchema(parameter)['name'])}`),
    ...draft.stages.map(({ refId }) =>
      /^[a-zA-Z_]\w*$/.test(refId) ? `stages.${refId}.outputs` : `stages["${refId}"].outputs`,
    ),
    'trigger.payload',
    'artifact.version',
    'execution.id',
  ];
}
