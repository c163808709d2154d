'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Refusal } from '@/components/editor/graph-edits.view';
import type { BrokenText } from '@/components/editor/use-text';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import type { PipelineView } from '@/server/domain/views/admin';

interface NoticeProps {
  readonly tone: 'danger' | 'caution';
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

function Notice({ tone, children, actions }: NoticeProps) {
  return (
    <div
      role="alert"
      className={cn(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border px-3 py-2 text-sm',
        tone === 'danger'
          ? 'border-danger bg-danger-soft text-danger-ink'
          : 'border-caution bg-caution-soft text-caution-ink',
      )}
    >
      <p className="min-w-0 flex-1 basis-80">{children}</p>
      {actions ? <span className="flex gap-2">{actions}</span> : null}
    </div>
  );
}

interface BrokenNoticeProps {
  readonly broken: BrokenText;
  readonly onShow: () => void;
  readonly onDiscard: () => void;
}

/** The text cannot be drawn: where, why, and that nothing is lost. */
export function BrokenNotice({ broken, onShow, onDiscard }: BrokenNoticeProps) {
  const t = useTranslations('editor');
  const [first] = broken.problems;
  if (!first) return null;
  const { line, column, path, message } = first;
  return (
    <Notice
      tone="danger"
      actions={
        <>
          <Button size="sm" onClick={onShow}>
            {t('broken.show')}
          </Button>
          <Button size="sm" onClick={onDiscard}>
            {t('broken.discard')}
          </Button>
        </>
      }
    >
      <strong>
        {t('broken.where', { line, column })} {message === null ? t('notJson') : `${path}: ${message}`}
      </strong>{' '}
      {t('broken.kept')}
    </Notice>
  );
}

/** Why the last act changed nothing. */
export function RefusalNotice({ refusal }: { refusal: Refusal }) {
  const t = useTranslations('editor.refused');
  return <Notice tone="caution">{t(refusal.refused, { ...refusal.values })}</Notice>;
}

/** Someone saved the pipeline while it is edited here. */
export function StaleNotice({ saved, onShow }: { saved: PipelineView; onShow: () => void }) {
  const t = useTranslations('editor');
  return (
    <Notice
      tone="caution"
      actions={
        <Button size="sm" onClick={onShow}>
          {t('stale.show')}
        </Button>
      }
    >
      {t('stale.text', { by: saved.updatedBy, revision: saved.revision })}
    </Notice>
  );
}
