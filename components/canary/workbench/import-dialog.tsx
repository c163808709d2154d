'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { Field, Input, Textarea } from '@/components/ui/field';
import { FormDialogContent } from '@/components/ui/form-dialog';
import type { KayentaImport } from '@/server/domain/views/canary';

interface ImportDialogProps {
  readonly application: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onTake: (imported: KayentaImport) => void;
}

/** Takes a configuration of Kayenta from a file or the clipboard into the workbench. Nothing is saved by it. */
export function ImportDialog({ application, open, onOpenChange, onTake }: ImportDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <Steps application={application} onTake={onTake} /> : null}
    </Dialog>
  );
}

/** First the text; then what of it is not known here. */
function Steps({ application, onTake }: Pick<ImportDialogProps, 'application' | 'onTake'>) {
  const t = useTranslations('workbench.import');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const [json, setJson] = useState('');
  const [missing, setMissing] = useState(false);
  const read = useMutation(
    trpc.canaryConfigs.importKayenta.mutationOptions({
      onSuccess: (imported) => {
        if (imported.notes.length === 0) onTake(imported);
      },
    }),
  );
  if (read.data && read.data.notes.length > 0) {
    return <Notes imported={read.data} onTake={onTake} onBack={() => read.reset()} />;
  }
  const type = (next: string) => {
    setJson(next);
    setMissing(false);
    read.reset();
  };
  return (
    <FormDialogContent
      title={t('title')}
      description={t('description')}
      keep={common('cancel')}
      action={t('do')}
      pendingLabel={t('doing')}
      pending={read.isPending}
      onSubmit={() => {
        setMissing(json.trim() === '');
        if (json.trim() !== '') read.mutate({ application, json });
      }}
    >
      <Field label={t('file')}>
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
      <Field label={t('paste')} error={missing ? t('missing') : (read.error?.message ?? null)}>
        {(control) => (
          <Textarea
            {...control}
            rows={12}
            spellCheck={false}
            className="font-mono text-xs"
            value={json}
            onChange={({ target }) => type(target.value)}
          />
        )}
      </Field>
    </FormDialogContent>
  );
}

interface NotesProps {
  readonly imported: KayentaImport;
  readonly onTake: (imported: KayentaImport) => void;
  readonly onBack: () => void;
}

function Notes({ imported, onTake, onBack }: NotesProps) {
  const t = useTranslations('workbench.import');
  return (
    <DialogContent
      title={t('notesTitle', { count: imported.notes.length })}
      description={t('notesText')}
      footer={
        <>
          <Button onClick={onBack}>{t('back')}</Button>
          <Button variant="primary" onClick={() => onTake(imported)}>
            {t('take')}
          </Button>
        </>
      }
    >
      <ul className="flex list-disc flex-col gap-1.5 pl-5 text-sm">
        {imported.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </DialogContent>
  );
}
