'use client';

import dynamic from 'next/dynamic';
import { useTranslations } from 'use-intl';
import { comparableText } from '@/components/canary/workbench/config.view';
import type { ConfigConflict } from '@/components/canary/workbench/use-config-save';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import type { CanaryConfig } from '@/server/domain/canary';
import type { CanaryConfigView } from '@/server/domain/views/canary';

const DiffView = dynamic(() => import('@/components/editor/diff-view').then((m) => m.DiffView), {
  ssr: false,
  loading: () => <Skeleton className="h-64 rounded-none" />,
});

interface ConflictDialogProps {
  readonly conflict: ConfigConflict | null;
  readonly config: CanaryConfig;
  readonly onTake: (theirs: CanaryConfigView) => void;
  readonly onOverwrite: (theirs: CanaryConfigView) => void;
  readonly onClose: () => void;
}

/** Someone else saved first: what differs, and whose is to stay. */
export function ConflictDialog({ conflict, config, onTake, onOverwrite, onClose }: ConflictDialogProps) {
  const t = useTranslations('workbench.conflict');
  if (!conflict) return null;
  const { theirs, sentence } = conflict;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent
        title={t('title')}
        description={sentence}
        className="sm:top-[6vh] sm:max-h-[88vh] sm:w-[min(72rem,94vw)]"
        footer={
          <>
            <Button onClick={onClose}>{t('later')}</Button>
            <Button onClick={() => onTake(theirs)}>{t('take')}</Button>
            <Button variant="danger" onClick={() => onOverwrite(theirs)}>
              {t('overwrite')}
            </Button>
          </>
        }
      >
        <Card className="overflow-hidden">
          <DiffView
            before={comparableText(theirs.config)}
            after={comparableText(config)}
            beforeLabel={t('theirs', { by: theirs.updatedBy, revision: theirs.revision })}
            afterLabel={t('mine')}
          />
        </Card>
      </DialogContent>
    </Dialog>
  );
}
