'use client';

import { FileInput, Redo2, Save, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Draft } from '@/components/editor/draft.view';
import { useEditor } from '@/components/editor/editor-context';
import { ImportDialog } from '@/components/editor/import-dialog';
import { RunButton } from '@/components/pipelines/run-button';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { MutationButton } from '@/components/ui/mutation-button';
import { PageHeader } from '@/components/ui/page-header';
import type { PipelineView } from '@/server/domain/views/admin';

interface EditorHeaderProps {
  /** The one the draft began at; null for a new pipeline. */
  readonly revision: number | null;
  readonly saved: PipelineView | null;
  readonly isDirty: boolean;
  /** Just now, here. Said beside the name: a notice would lie over the next button that people want. */
  readonly isSaved: boolean;
  readonly mayWrite: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly isSaving: boolean;
  /** Cannot be saved as it is. */
  readonly blocked: boolean;
  readonly onSave: () => void;
  readonly onImport: (draft: Draft) => void;
}

/** A pipeline that was only just begun is where people go on from: the focus comes here. */
function Title({ name, isNew }: { name: string; isNew: boolean }) {
  const title = useRef<HTMLSpanElement>(null);
  const began = useRef(isNew);
  useEffect(() => {
    if (began.current) title.current?.focus();
  }, []);
  return (
    <span ref={title} tabIndex={-1} className="rounded-sm outline-none">
      {name}
    </span>
  );
}

/** What is edited, how it stands to what is saved, and the verbs. */
export function EditorHeader(props: EditorHeaderProps) {
  const { revision, saved, isDirty, mayWrite, blocked } = props;
  const t = useTranslations('editor');
  const { application, draft, dispatch, readOnly } = useEditor();
  const [importing, setImporting] = useState(false);
  const home = `/applications/${encodeURIComponent(application)}`;
  return (
    <PageHeader
      title={<Title name={draft.name || t('newPipeline')} isNew={revision === null} />}
      aside={
        <>
          {revision === null ? null : <Badge>{t('revision', { revision })}</Badge>}
          {isDirty ? <Badge tone="caution">{t('unsaved')}</Badge> : null}
          <span role="status">{props.isSaved ? <Badge tone="clear">{t('saved')}</Badge> : null}</span>
          {mayWrite ? null : <Badge>{t('readOnly')}</Badge>}
        </>
      }
      actions={
        <>
          {mayWrite ? (
            <>
              <IconButton
                label={t('undo')}
                disabled={!props.canUndo}
                onClick={() => dispatch({ type: 'undo' })}
              >
                <Undo2 aria-hidden />
              </IconButton>
              <IconButton
                label={t('redo')}
                disabled={!props.canRedo}
                onClick={() => dispatch({ type: 'redo' })}
              >
                <Redo2 aria-hidden />
              </IconButton>
              <Button disabled={readOnly} onClick={() => setImporting(true)}>
                <FileInput aria-hidden />
                {t('import.button')}
              </Button>
            </>
          ) : null}
          <Button asChild>
            <Link
              href={
                revision === null
                  ? `${home}?tab=pipelines`
                  : `${home}/pipelines/${encodeURIComponent(draft.name)}`
              }
            >
              {t('close')}
            </Link>
          </Button>
          {saved && !isDirty ? <RunButton pipeline={saved} /> : null}
          {mayWrite ? (
            <MutationButton
              variant="primary"
              pending={props.isSaving}
              pendingLabel={t('saving')}
              disabled={blocked || !isDirty}
              title={blocked ? t('blocked') : undefined}
              onClick={props.onSave}
            >
              <Save aria-hidden />
              {t('save')}
            </MutationButton>
          ) : null}
          <ImportDialog
            application={application}
            open={importing}
            onOpenChange={setImporting}
            onDraft={props.onImport}
          />
        </>
      }
    />
  );
}
