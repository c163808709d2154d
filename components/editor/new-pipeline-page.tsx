'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Draft } from '@/components/editor/draft.view';
import { Editor } from '@/components/editor/editor';
import { EditorSkeleton } from '@/components/editor/editor-skeleton';
import { ImportDialog } from '@/components/editor/import-dialog';
import { fromTemplate, TEMPLATES, type Template } from '@/components/editor/templates.view';
import { useMay } from '@/components/nav/use-me';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/page-header';
import { ErrorState } from '@/components/ui/states';
import { pipelineNameSchema } from '@/server/domain/pipeline';

/** A new pipeline: its name and what to begin with, then the editor. */
export function NewPipelinePage({ application }: { application: string }) {
  const t = useTranslations('editor');
  const trpc = useTRPC();
  const router = useRouter();
  const mayWrite = useMay('pipeline.write');
  const [start, setStart] = useState<Draft | null>(null);
  const catalogue = useQuery(trpc.catalogue.list.queryOptions({}));
  const details = useQuery(trpc.applications.get.queryOptions({ application }));
  const failed = [catalogue, details].find((query) => query.isError);
  if (failed) {
    return <ErrorState title={t('unreadable')} error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (!catalogue.data || !details.data) return <EditorSkeleton />;
  if (start) {
    return (
      <Editor
        application={application}
        catalogue={catalogue.data}
        saved={null}
        start={start}
        mayWrite={mayWrite}
        onSaved={(name) =>
          router.replace(
            `/applications/${encodeURIComponent(application)}/pipelines/${encodeURIComponent(name)}/edit`,
          )
        }
      />
    );
  }
  return (
    <Begin
      application={application}
      environments={details.data.environments.map((environment) => environment.name)}
      mayWrite={mayWrite}
      onBegin={setStart}
    />
  );
}

interface BeginProps {
  readonly application: string;
  readonly environments: readonly string[];
  readonly mayWrite: boolean;
  readonly onBegin: (draft: Draft) => void;
}

function Begin({ application, environments, mayWrite, onBegin }: BeginProps) {
  const t = useTranslations('editor');
  const [name, setName] = useState('');
  const [asked, setAsked] = useState(false);
  const [importing, setImporting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wrong = !pipelineNameSchema.safeParse(name).success;
  const begin = (draft: Draft) => {
    setAsked(true);
    if (wrong && !draft.name) field.current?.focus();
    else onBegin({ ...draft, name: name || draft.name });
  };
  const beginWith = (template: Template) =>
    begin(
      fromTemplate(template, environments, {
        deploy: (environment) => t('templateWords.deploy', { environment }),
        approve: t('templateWords.approve'),
        instructions: t('templateWords.instructions'),
      }),
    );
  return (
    <>
      <PageHeader title={t('newPipeline')} description={t('newPipelineOf', { application })} />
      <Card className="flex max-w-3xl flex-col gap-5 p-4">
        <Field
          label={t('pipelineName')}
          hint={t('nameHint')}
          error={asked && wrong ? t('nameWrong') : null}
          className="max-w-sm"
        >
          {(control) => (
            <Input
              {...control}
              ref={field}
              value={name}
              maxLength={63}
              spellCheck={false}
              autoComplete="off"
              disabled={!mayWrite}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <section aria-label={t('beginWith')}>
          <h2 className="mb-2 font-semibold text-base">{t('beginWith')}</h2>
          <ul className="grid gap-2 sm:grid-cols-2">
            {TEMPLATES.map((template) => (
              <li key={template}>
                <button
                  type="button"
                  disabled={!mayWrite}
                  onClick={() => beginWith(template)}
                  className="flex h-full w-full flex-col gap-0.5 rounded-md border px-3 py-2.5 text-left hover:border-line-strong hover:bg-sunken disabled:opacity-55"
                >
                  <span className="font-medium">{t(`templates.${template}.name`)}</span>
                  <span className="text-muted text-sm">{t(`templates.${template}.about`)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <div className="flex flex-wrap items-center gap-3 text-muted text-sm">
          <Button disabled={!mayWrite} onClick={() => setImporting(true)}>
            {t('import.button')}
          </Button>
          {mayWrite ? t('import.hint') : t('notAllowed')}
        </div>
      </Card>
      <ImportDialog
        application={application}
        open={importing}
        onOpenChange={setImporting}
        onDraft={(draft) => onBegin({ ...draft, name: name || draft.name })}
      />
    </>
  );
}
