'use client';

import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

/** Where toasts appear. Raise them with `toast` from sonner. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="top-right"
      closeButton
      offset={{ top: 64, right: 16 }}
      mobileOffset={{ top: 60, left: 12, right: 12 }}
      toastOptions={{
        classNames: {
          toast: '!rounded-lg !border-line !bg-surface !text-ink !shadow-lift !font-sans !text-sm',
          description: '!text-muted',
          actionButton: '!bg-accent !text-on-accent',
          closeButton: '!border-line !bg-surface !text-muted',
        },
      }}
    />
  );
}
