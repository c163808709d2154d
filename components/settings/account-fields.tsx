'use client';

import type { RefObject } from 'react';
import { useTranslations } from 'use-intl';
import { FormContext } from '@/components/editor/form/form-context';
import { SchemaField } from '@/components/editor/form/schema-field';
import { withField } from '@/components/editor/form/schema-form';
import type { Issue } from '@/components/editor/issues.view';
import { asSchema, fieldsOf } from '@/components/editor/schema.view';
import { type AccountDraft, withProvider } from '@/components/settings/accounts.view';
import { KindAndName } from '@/components/settings/kind-and-name';
import type { AccountType } from '@/server/domain/views/admin';

interface AccountFieldsProps {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** Whether its name and platform can still be chosen. */
  readonly isNew: boolean;
  readonly types: readonly AccountType[];
  readonly draft: AccountDraft;
  readonly issues: readonly Issue[];
  readonly isNameWrong: boolean;
  readonly onChange: (draft: AccountDraft) => void;
}

/** What is asked for an account, by the form of its platform. */
export function AccountFields({
  ref,
  isNew,
  types,
  draft,
  issues,
  isNameWrong,
  onChange,
}: AccountFieldsProps) {
  const t = useTranslations('settings.accounts');
  const schema = types.find(({ kind }) => kind === draft.provider)?.configSchema;
  return (
    <div ref={ref} className="flex flex-col gap-4">
      {isNew ? (
        <KindAndName
          {...{ types }}
          kind={draft.provider}
          name={draft.name}
          words={{ kind: t('columns.provider'), name: t('name'), nameHint: t('nameHint') }}
          error={isNameWrong ? t(draft.name === '' ? 'missing' : 'nameBad') : null}
          onKind={(provider) => onChange(withProvider(draft, provider))}
          onName={(name) => onChange({ ...draft, name })}
        />
      ) : null}
      <FormContext value={{ issues, readOnly: false, expressions: false, within: 'account' }}>
        {fieldsOf(asSchema(schema)).map((field) => (
          <SchemaField
            key={`${draft.provider} ${field.name}`}
            field={field}
            value={draft.config[field.name]}
            siblings={draft.config}
            path={`config.${field.name}`}
            onChange={(value) => onChange({ ...draft, config: withField(draft.config, field.name, value) })}
          />
        ))}
      </FormContext>
    </div>
  );
}
