'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ComponentProps, type ReactNode, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

interface PanelProps extends Omit<ComponentProps<typeof Radix.Content>, 'title'> {
  readonly title: ReactNode;
  /** Said by screen readers on opening; give it whenever one sentence can say what this is. */
  readonly description?: ReactNode;
  readonly footer?: ReactNode;
}

interface DialogPanelProps extends PanelProps {
  /** Where the inside is read and not filled in: what it is called. It scrolls by keyboard, and focus begins below it. */
  readonly reading?: string;
}

function PanelHeader({ title, description }: Pick<PanelProps, 'title' | 'description'>) {
  return (
    <div className="border-b py-3.5 pr-14 pl-5">
      <Radix.Title className="wrap-anywhere font-semibold text-lg">{title}</Radix.Title>
      {description ? (
        <Radix.Description className="text-muted text-sm">{description}</Radix.Description>
      ) : null}
    </div>
  );
}

/** Last in the order of focus, so that a dialog opens on its first field and not on the way out. */
function CloseButton() {
  const t = useTranslations('common');
  return (
    <Radix.Close
      aria-label={t('close')}
      className="absolute top-3.5 right-3.5 inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
    >
      <X aria-hidden className="size-4" />
    </Radix.Close>
  );
}

function Footer({ children }: { children: ReactNode }) {
  return (
    <div
      data-dialog-footer
      className="flex flex-wrap items-center justify-end gap-2 border-t bg-canvas px-5 py-3"
    >
      {children}
    </div>
  );
}

/** A field of the footer, or its first button. */
function firstBelow(dialog: EventTarget | null): HTMLElement | null {
  if (!(dialog instanceof HTMLElement)) return null;
  const footer = dialog.querySelector('[data-dialog-footer]');
  return footer?.querySelector<HTMLElement>('textarea, input') ?? footer?.querySelector('button') ?? null;
}

/**
 * Focus goes back to where it was when the dialog came. Radix does so for its own triggers alone, and most dialogs here
 * are opened by a state.
 */
function useReturnOfFocus(beginsBelow: boolean): Pick<PanelProps, 'onOpenAutoFocus' | 'onCloseAutoFocus'> {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: (event) => {
      before.current = document.activeElement;
      const first = beginsBelow ? firstBelow(event.currentTarget) : null;
      if (!first) return;
      event.preventDefault();
      first.focus();
    },
    onCloseAutoFocus: (event) => {
      const { current } = before;
      if (!(current instanceof HTMLElement) || !current.isConnected || current === document.body) return;
      event.preventDefault();
      current.focus();
    },
  };
}

const BODY = 'scroll-slim min-h-0 flex-1 overflow-y-auto px-5 py-4';

/** A modal question. On a phone it fills the bottom of the screen. */
export function DialogContent({
  title,
  description,
  footer,
  reading,
  className,
  children,
  ...props
}: DialogPanelProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-50 bg-shade" />
      <Radix.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        {...useReturnOfFocus(reading !== undefined)}
        className={cn(
          'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] animate-in flex-col overflow-hidden rounded-t-xl border bg-surface shadow-lift focus:outline-none',
          'sm:inset-x-auto sm:top-[10vh] sm:bottom-auto sm:left-1/2 sm:max-h-[80vh] sm:w-[min(36rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:rounded-xl',
          className,
        )}
        {...props}
      >
        <PanelHeader title={title} description={description} />
        {reading === undefined ? (
          <div className={BODY}>{children}</div>
        ) : (
          <section aria-label={reading} tabIndex={0} className={BODY}>
            {children}
          </section>
        )}
        {footer ? <Footer>{footer}</Footer> : null}
        <CloseButton />
      </Radix.Content>
    </Radix.Portal>
  );
}

export const Sheet = Radix.Root;
export const SheetTrigger = Radix.Trigger;
export const SheetClose = Radix.Close;

/** Details at the side. Not modal when the root says `modal={false}`: the list stays usable. */
export function SheetContent({ title, description, footer, className, children, ...props }: PanelProps) {
  return (
    <Radix.Portal>
      <Radix.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        className={cn(
          'fixed inset-y-0 right-0 z-40 flex md:top-12 w-[min(26rem,100vw)] animate-sheet flex-col border-l bg-surface shadow-lift focus:outline-none',
          className,
        )}
        {...props}
      >
        <PanelHeader title={title} description={description} />
        <div className={BODY}>{children}</div>
        {footer ? <Footer>{footer}</Footer> : null}
        <CloseButton />
      </Radix.Content>
    </Radix.Portal>
  );
}
