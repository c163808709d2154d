'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Draft, type JsonObject, readDraft } from '@/components/editor/draft.view';
import { foreignDocument, readMapping } from '@/components/editor/import.view';
import { type ForeignReport, ImportReport } from '@/components/editor/import-report';
import { useTRPC } from '@/components/trpc/trpc';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Textarea } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';

interface ImportDialogProps {
  readonly application: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onDraft: (draft: Draft) => void;
}

/** Takes a definition from a file or the clipboard into the editor. Nothing is saved by it. */
export function ImportDialog({ application, open, onOpenChange, onDraft }: ImportDialogProps) {
  const take = (draft: Draft) => {
    onDraft(draft);
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <ImportSteps application={application} onDraft={take} /> : null}
    </Dialog>
  );
}

interface ImportStepsProps {
  readonly application: string;
  readonly onDraft: (draft: Draft) => void;
}

/** First the text; for another product's pipeline then what would become of each part of it. */
function ImportSteps({ application, onDraft }: ImportStepsProps) {
  const t = useTranslations('editor');
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const [names, setNames] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [report, setReport] = useState<ForeignReport | null>(null);
  const translate = useMutation(
    trpc.pipelines.importForeign.mutationOptions({
      onSuccess: setReport,
      onError: (error) => setProblem(error.message),
    }),
  );
  if (report) return <ImportReport report={report} onTake={onDraft} onBack={() => setReport(null)} />;
  const submitForeign = (document: JsonObject) => {
    const mapping = readMapping(names);
    if ('wrong' in mapping) setProblem(t('import.namesWrong', { line: mapping.wrong }));
    else translate.mutate({ application, document, mapping, dryRun: true });
  };
  const submit = () => {
    const document = foreignDocument(text);
    if (document) return submitForeign(document);
    const { draft, problems } = readDraft(text);
    const [first] = problems;
    if (draft) return onDraft(draft);
    if (!first) return;
    const { line, column, path, message } = first;
    setProblem(
      `${t('broken.where', { line, column })} ${message === null ? t('notJson') : `${path}: ${message}`}`,
    );
  };
  const type = (next: string) => {
    setText(next);
    setProblem(null);
  };
  return (
    <FormDialogContent
      title={t('import.title')}
      description={t('import.text')}
      action={t('import.do')}
      pendingLabel={t('import.doing')}
      pending={translate.isPending}
      onSubmit={submit}
    >
      <Field label={t('import.file')}>
        {(control) => (
          <Input
            {...control}
            type="file"
            accept="application/json,.json"
            className="py-1 text-xs"
            onChange={({ target }) => void target.files?.[0]?.text().then(type)}
          />
        )}
      </Field>
      <Field label={t('import.paste')} error={problem}>
        {(control) => (
          <Textarea
            {...control}
            rows={12}
            spellCheck={false}
            className="font-mono text-xs"
            value={text}
            onChange={({ target }) => type(target.value)}
          />
        )}
      </Field>
      {foreignDocument(text) ? <NamesField value={names} onChange={setNames} /> : null}
    </FormDialogContent>
  );
}

function NamesField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations('editor.import');
  return (
    <Field label={t('names')} hint={t('namesHint')}>
      {(control) => (
        <Textarea
          {...control}
          rows={3}
          spellCheck={false}
          className="font-mono text-xs"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
