'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Draft, readDraft } from '@/components/editor/draft.view';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Textarea } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';

interface ImportDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onDraft: (draft: Draft) => void;
}

/** Takes a definition from a file or the clipboard into the editor. Nothing is saved by it. */
export function ImportDialog({ open, onOpenChange, onDraft }: ImportDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? (
        <ImportForm
          onDraft={(draft) => {
            onDraft(draft);
            onOpenChange(false);
          }}
        />
      ) : null}
    </Dialog>
  );
}

function ImportForm({ onDraft }: { onDraft: (draft: Draft) => void }) {
  const t = useTranslations('editor');
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);
  const read = readDraft(text);
  const [problem] = read.problems;
  const error = problem
    ? `${t('broken.where', { line: problem.line, column: problem.column })} ${problem.message === null ? t('notJson') : `${problem.path}: ${problem.message}`}`
    : null;
  return (
    <FormDialogContent
      title={t('import.title')}
      description={t('import.text')}
      action={t('import.do')}
      pendingLabel={t('import.do')}
      pending={false}
      onSubmit={() => {
        setAsked(true);
        if (read.draft) onDraft(read.draft);
      }}
    >
      <Field label={t('import.file')}>
        {(control) => (
          <Input
            {...control}
            type="file"
            accept="application/json,.json"
            className="py-1 text-xs"
            onChange={({ target }) => void target.files?.[0]?.text().then(setText)}
          />
        )}
      </Field>
      <Field label={t('import.paste')} error={asked ? error : null}>
        {(control) => (
          <Textarea
            {...control}
            rows={12}
            spellCheck={false}
            className="font-mono text-xs"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
    </FormDialogContent>
  );
}
