'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { PreviewSkeleton } from '@/components/rollback/rollback-plan';
import { Button } from '@/components/ui/button';
import { DialogClose, DialogContent } from '@/components/ui/dialog';
import { MutationButton } from '@/components/ui/mutation-button';
import { ErrorState } from '@/components/ui/states';

interface RollbackShellProps<Preview> {
  readonly title: string;
  readonly description: string;
  readonly preview: UseQueryResult<Preview, { readonly message: string }>;
  /** The verb of the button that acts; null while there is nothing to do. */
  readonly action: string | null;
  readonly pending: boolean;
  readonly disabled?: boolean;
  readonly onAct: () => void;
  /** What has to be said to act: in sight beside the button, however long the plan is. */
  readonly asks?: ReactNode;
  readonly children: (preview: Preview) => ReactNode;
}

/** The inside of a dialog that shows what a rollback would do, and then does it. */
export function RollbackShell<Preview>({ preview, children, ...act }: RollbackShellProps<Preview>) {
  const t = useTranslations('rollback');
  return (
    <DialogContent
      title={act.title}
      description={act.description}
      reading={act.title}
      footer={
        <>
          {act.asks ? <div className="basis-full">{act.asks}</div> : null}
          <DialogClose asChild>
            <Button>{t('keep')}</Button>
          </DialogClose>
          {act.action === null ? null : (
            <MutationButton
              variant="danger"
              pending={act.pending}
              pendingLabel={t('doing')}
              disabled={act.disabled ?? false}
              onClick={act.onAct}
            >
              {act.action}
            </MutationButton>
          )}
        </>
      }
    >
      {preview.isPending ? <PreviewSkeleton /> : null}
      {preview.isError ? (
        <ErrorState
          title={t('previewFailed')}
          error={preview.error}
          onRetry={() => void preview.refetch()}
          retrying={preview.isFetching}
        />
      ) : null}
      {preview.data === undefined ? null : children(preview.data)}
    </DialogContent>
  );
}
