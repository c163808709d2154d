'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { MutationButton } from '@/components/ui/mutation-button';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** The consequence, in words. */
  readonly consequence: ReactNode;
  readonly keep: string;
  readonly action: string;
  readonly pendingLabel: string;
  readonly pending: boolean;
  readonly onConfirm: () => void;
}

/** Asks before an act that takes something away. */
export function ConfirmDialog({ open, onOpenChange, title, consequence, keep, ...act }: ConfirmDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={title}
        footer={
          <>
            <DialogClose asChild>
              <Button>{keep}</Button>
            </DialogClose>
            <MutationButton
              variant="danger"
              pending={act.pending}
              pendingLabel={act.pendingLabel}
              onClick={act.onConfirm}
            >
              {act.action}
            </MutationButton>
          </>
        }
      >
        <p className="text-sm">{consequence}</p>
      </DialogContent>
    </Dialog>
  );
}
