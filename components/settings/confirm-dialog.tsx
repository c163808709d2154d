'use client';

import type { ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-line';
import { FormDialogContent } from '@/components/ui/form-dialog';

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
  /** Why it could not be done; the dialog stays. */
  readonly error?: { readonly message: string } | null;
  readonly onConfirm: () => void;
}

/** Asks before an act that takes something away. */
export function ConfirmDialog({ open, onOpenChange, title, consequence, keep, ...act }: ConfirmDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <FormDialogContent
        title={title}
        keep={keep}
        tone="danger"
        action={act.action}
        pendingLabel={act.pendingLabel}
        pending={act.pending}
        onSubmit={act.onConfirm}
      >
        <p className="text-sm">{consequence}</p>
        <ErrorLine error={act.error ?? null} />
      </FormDialogContent>
    </Dialog>
  );
}
