'use client';

import { useTheme } from 'next-themes';
import { useEffect, useRef } from 'react';
import { Toaster as Sonner, toast, useSonner } from 'sonner';

/** Long enough to read one; a pointer that rests on it does not keep it, because it may lie there by chance. */
const LONGEST_MS = 8_000;

/** Where toasts appear: where no page has its verbs. Raise them with `toast` from sonner. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  useLastCall();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      closeButton
      offset={{ bottom: 'var(--toast-bottom)', right: 16 }}
      mobileOffset={{ bottom: 'var(--toast-bottom)', left: 12, right: 12 }}
      // A phone has its navigation at the bottom.
      className="pointer-events-none [--toast-bottom:calc(4.25rem+env(safe-area-inset-bottom))] md:[--toast-bottom:16px]"
      toastOptions={{
        classNames: {
          // What lies beside and between toasts belongs to the page.
          toast:
            '!rounded-lg !border-line !bg-surface !text-ink !shadow-lift !font-sans !text-sm pointer-events-auto [&::after]:pointer-events-none [&::before]:pointer-events-none',
          description: '!text-muted',
          actionButton: '!bg-accent !text-on-accent',
          closeButton: '!border-line !bg-surface !text-muted',
        },
      }}
    />
  );
}

/** Lets every toast go in time, also those that a resting pointer holds. */
function useLastCall(): void {
  const { toasts } = useSonner();
  const timers = useRef(new Map<(typeof toasts)[number]['id'], ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const running = timers.current;
    for (const { id } of toasts) {
      if (!running.has(id))
        running.set(
          id,
          setTimeout(() => toast.dismiss(id), LONGEST_MS),
        );
    }
    for (const [id, timer] of running) {
      if (toasts.some((shown) => shown.id === id)) continue;
      clearTimeout(timer);
      running.delete(id);
    }
  }, [toasts]);
}
