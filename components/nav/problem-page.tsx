'use client';

import { RotateCw, Signpost, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const t = useTranslations('common');
  return (
    <EmptyState
      icon={<Signpost />}
      title={<h1>{t('notFoundTitle')}</h1>}
      action={
        <Button asChild variant="primary">
          <Link href="/">{t('toBoard')}</Link>
        </Button>
      }
      className="py-24"
    >
      {t('notFoundText')}
    </EmptyState>
  );
}

/** A page that threw while it was drawn. */
export function BrokenPage({ digest, onRetry }: { digest: string | undefined; onRetry: () => void }) {
  const t = useTranslations('common');
  return (
    <div role="alert">
      <EmptyState
        icon={<TriangleAlert />}
        title={<h1>{t('pageErrorTitle')}</h1>}
        action={
          <Button variant="primary" onClick={onRetry}>
            <RotateCw aria-hidden />
            {t('retry')}
          </Button>
        }
        className="py-24"
      >
        {t('pageErrorText')}
        {digest ? <code className="mt-2 block font-mono text-xs">{digest}</code> : null}
      </EmptyState>
    </div>
  );
}
