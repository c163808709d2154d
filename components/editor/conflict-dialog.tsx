'use client';

import { useTranslations } from 'use-intl';
import { DefinitionDiff } from '@/components/editor/definition-diff';
import type { Draft } from '@/components/editor/draft.view';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Dialog, DialogContent } from '@/components/ui/dialog';
import type { PipelineView } from '@/server/domain/views/admin';

interface ConflictDialogProps {
  readonly theirs: PipelineView | null;
  readonly draft: Draft;
  /** Goes on with the own draft, now on top of theirs. */
  readonly onOverwrite: (theirs: PipelineView) => void;
  /** Takes theirs; the own one is an undo away. */
  readonly onTake: (theirs: PipelineView) => void;
  readonly onClose: () => void;
}

/** Someone else saved first: what differs, and whose is to stay. */
export function ConflictDialog({ theirs, draft, onOverwrite, onTake, onClose }: ConflictDialogProps) {
  const t = useTranslations('editor.conflict');
  if (theirs === null) return null;
  const { revision, updatedBy } = theirs;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent
        title={t('title')}
        description={t('text', { by: updatedBy, revision })}
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
          <DefinitionDiff
            before={theirs.definition}
            after={draft}
            beforeLabel={t('theirs', { by: updatedBy, revision })}
            afterLabel={t('mine')}
          />
        </Card>
      </DialogContent>
    </Dialog>
  );
}
