'use client';

import { ExternalLink } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { isInsideOnly } from '@/components/clusters/address.view';
import { CopyButton } from '@/components/ui/copy-button';

/** Where a load balancer is: a link, or text to copy where a link would lead nowhere. */
export function Address({ url }: { url: string }) {
  const t = useTranslations('clusters');
  const text = <span className="truncate">{url.replace(/^https?:\/\//, '')}</span>;
  if (isInsideOnly(url)) {
    return (
      <span className="inline-flex min-w-0 max-w-full items-center gap-1 font-mono text-muted text-xs">
        {text}
        <CopyButton value={url} />
      </span>
    );
  }
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={t('open', { url })}
      className="inline-flex min-w-0 max-w-full items-center gap-1 rounded-sm font-mono text-accent-ink text-xs hover:underline"
    >
      {text}
      <ExternalLink aria-hidden className="size-3 shrink-0" />
    </a>
  );
}
