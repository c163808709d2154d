'use client';

import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

export const TooltipProvider = Radix.Provider;

interface TooltipProps {
  readonly content: ReactNode;
  /** One element that can take focus; what only appears on hover is lost to keyboards. */
  readonly children: ReactElement;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly className?: string;
  /** For who decides that alone; hover and focus otherwise. */
  readonly open?: boolean | undefined;
}

/** A short hint on hover and focus. Never the only place of a fact one needs to act. */
export function Tooltip({ content, children, side = 'top', className, open }: TooltipProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            'z-50 max-w-80 animate-in rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-lift',
            className,
          )}
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
