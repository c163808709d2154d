'use client';

import { RotateCw, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { CopyButton } from '@/components/ui/copy-button';

interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  /** What would be here. */
  readonly children?: ReactNode;
  /** The one action that makes it so. */
  readonly action?: ReactNode;
  /** The same action as a command to copy. */
  readonly command?: string;
  readonly className?: string;
}

/** Never an empty page: says what would be here and the one action that makes it so. */
export function EmptyState({ icon, title, children, action, command, className }: EmptyStateProps) {
  return (
    <div className={cn('flex flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      {icon ? (
        <span aria-hidden className="mb-1 text-faint [&_svg]:size-7 [&_svg]:stroke-[1.5]">
          {icon}
        </span>
      ) : null}
      <div className="font-semibold text-base">{title}</div>
      {children ? <div className="max-w-prose text-balance text-muted text-sm">{children}</div> : null}
      {command ? (
        <div className="mt-2 flex max-w-full items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-3">
          <code className="scroll-slim overflow-x-auto whitespace-nowrap font-mono text-xs">{command}</code>
          <CopyButton value={command} />
        </div>
      ) : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

interface ErrorStateProps {
  /** What could not be shown, in a few words. */
  readonly title?: ReactNode;
  /** The API's sentences say what to do, so they are shown as they stand. */
  readonly error: { readonly message: string } | null;
  readonly onRetry?: () => void;
  readonly retrying?: boolean;
  readonly className?: string;
}

/** Trying again does not bring back what does not exist. */
function isMissing(error: object | null): boolean {
  const data: unknown = error && 'data' in error ? error.data : null;
  return typeof data === 'object' && data !== null && 'code' in data && data.code === 'NOT_FOUND';
}

/** Of a request that broke before the API could say anything, the browser knows only words of its own. */
function isUnanswered(error: object): boolean {
  return 'data' in error && (error.data === null || error.data === undefined);
}

/** A region that could not be read: why, what to do, and a retry. */
export function ErrorState({ title, error, onRetry, retrying = false, className }: ErrorStateProps) {
  const t = useTranslations('common');
  const words = error && isUnanswered(error) ? t('errorUnanswered') : error?.message;
  return (
    <div role="alert" className={cn('flex flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      <TriangleAlert aria-hidden className="size-6 text-danger" />
      <p className="font-semibold text-base">{title ?? t('errorTitle')}</p>
      <p className="max-w-prose text-balance text-muted text-sm">{words ?? t('errorUnknown')}</p>
      {isMissing(error) ? (
        <Button asChild className="mt-2">
          <Link href="/">{t('toBoard')}</Link>
        </Button>
      ) : onRetry ? (
        <Button className="mt-2" onClick={onRetry} aria-busy={retrying}>
          <RotateCw aria-hidden className={retrying ? 'animate-turn' : undefined} />
          {t('retry')}
        </Button>
      ) : null}
    </div>
  );
}
