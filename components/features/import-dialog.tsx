'use client';

import { useTranslations } from 'use-intl';
import { servedOtherwise } from '@/components/features/import.view';
import { useMessage } from '@/components/i18n/provider';
import { Dialog } from '@/components/ui/dialog';
import { FormDialogContent } from '@/components/ui/form-dialog';
import type { FlagImport } from '@/server/domain/views/toggles';

interface ImportDialogProps {
  readonly report: FlagImport;
  readonly environment: string;
  readonly pending: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** The last question before a file is written: what people will get otherwise, flag by flag. */
export function ImportDialog({ report, environment, pending, onConfirm, onClose }: ImportDialogProps) {
  const t = useTranslations('features.files');
  const render = useMessage();
  const otherwise = servedOtherwise(report);
  return (
    <Dialog open onOpenChange={onClose}>
      <FormDialogContent
        title={t('confirmTitle', { environment })}
        description={t('confirmText', { count: otherwise.length })}
        action={t('import')}
        pendingLabel={t('importing')}
        pending={pending}
        onSubmit={onConfirm}
      >
        <ul className="flex flex-col gap-3 text-sm">
          {otherwise.map(({ key, change }) => (
            <li key={key}>
              <code className="break-all font-mono text-xs">{key}</code>
              <p className="text-muted">
                {t('now')} {change.sentenceBefore ? render(change.sentenceBefore) : t('notThere')}
              </p>
              <p className="text-muted">{change.changes.map(render).join(' · ')}</p>
              <p>
                {t('then')} {render(change.sentenceAfter)}
              </p>
            </li>
          ))}
        </ul>
      </FormDialogContent>
    </Dialog>
  );
}
