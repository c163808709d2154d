'use client';

import { LoaderCircle } from 'lucide-react';
import { Button, type ButtonProps } from '@/components/ui/button';

export interface MutationButtonProps extends Omit<ButtonProps, 'asChild'> {
  readonly pending: boolean;
  /** Said instead of the label while pending, e.g. "Rolling back…". */
  readonly pendingLabel?: string;
}

/**
 * A button that acts on the world. While pending it keeps focus and stays in the tab order
 * (`aria-disabled`, not `disabled`, which would drop focus to the body) but takes no second press.
 */
export function MutationButton({
  pending,
  pendingLabel,
  children,
  onClick,
  type,
  ...props
}: MutationButtonProps) {
  return (
    <Button
      {...props}
      type={type}
      aria-disabled={pending || props.disabled}
      aria-busy={pending}
      onClick={(event) => {
        if (pending) {
          event.preventDefault();
          return;
        }
        onClick?.(event);
      }}
    >
      {pending ? <LoaderCircle aria-hidden className="animate-turn" /> : null}
      {pending && pendingLabel ? pendingLabel : children}
    </Button>
  );
}
