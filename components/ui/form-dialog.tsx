'use client';

import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose, DialogContent } from '@/components/ui/dialog';
import { MutationButton } from '@/components/ui/mutation-button';
import { ReasonField } from '@/components/ui/reason-field';

interface FormDialogContentProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** The way out that changes nothing; "Cancel" when absent. */
  readonly keep?: string;
  /** The verb of the one button that acts. */
  readonly action: ReactNode;
  readonly pendingLabel: string;
  readonly pending: boolean;
  /** While what is filled in cannot be done. */
  readonly disabled?: boolean;
  /** danger for what takes something away. */
  readonly tone?: 'primary' | 'danger';
  /** Why nothing was done, in view beside the buttons however far the fields are scrolled. */
  readonly problem?: ReactNode;
  /** A further act that changes nothing, such as a test: at the other end of the foot. */
  readonly beside?: ReactNode;
  readonly onSubmit: () => void;
  readonly children?: ReactNode;
}

/** The inside of every dialog that asks something and then acts: fields, a way out, one verb. Enter submits. */
export function FormDialogContent({ tone = 'primary', keep, children, ...props }: FormDialogContentProps) {
  const t = useTranslations('common');
  const form = useId();
  return (
    <DialogContent
      title={props.title}
      description={props.description}
      footer={
        <>
          {props.beside === undefined ? null : <span className="mr-auto">{props.beside}</span>}
          {props.problem === undefined ? null : (
            <div role="alert" className="min-w-0 flex-1 basis-40 text-danger-ink text-xs empty:hidden">
              {props.problem}
            </div>
          )}
          <DialogClose asChild>
            <Button>{keep ?? t('cancel')}</Button>
          </DialogClose>
          <MutationButton
            type="submit"
            form={form}
            variant={tone}
            pending={props.pending}
            pendingLabel={props.pendingLabel}
            disabled={props.disabled ?? false}
          >
            {props.action}
          </MutationButton>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!props.pending) props.onSubmit();
        }}
      >
        {children}
      </form>
    </DialogContent>
  );
}

interface ReasonDialogProps extends Omit<FormDialogContentProps, 'onSubmit'> {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly reasonLabel: string;
  readonly reasonHint?: string;
  /** Said when it is left empty; without it the reason may stay empty. */
  readonly reasonMissing?: string;
  /** The reason, trimmed. */
  readonly onConfirm: (reason: string) => void;
}

/** Asks for a reason before an act that others will want to understand later. */
export function ReasonDialog({ open, onOpenChange, ...props }: ReasonDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open ? <Reason {...props} /> : null}
    </Dialog>
  );
}

function Reason(props: Omit<ReasonDialogProps, 'open' | 'onOpenChange'>) {
  const { reasonLabel, reasonHint, reasonMissing, onConfirm, children, ...shell } = props;
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const missing = reasonMissing !== undefined && reason.trim() === '';
  return (
    <FormDialogContent
      {...shell}
      onSubmit={() => {
        setAsked(true);
        if (!missing) onConfirm(reason.trim());
      }}
    >
      {children}
      <ReasonField
        label={reasonLabel}
        hint={reasonHint}
        error={asked && missing ? reasonMissing : null}
        value={reason}
        onChange={setReason}
      />
    </FormDialogContent>
  );
}
