'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCw, ScrollText } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/trpc/trpc';
import { Button, IconButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/skeleton';
import { RelativeTime } from '@/components/ui/time';

const LINES = 200;

interface InstanceLogProps {
  readonly account: string;
  readonly region: string;
  readonly serverGroup: string;
  readonly instance: string;
}

/** What an instance wrote at last. The platform is asked only when someone wants to read it. */
export function InstanceLog(of: InstanceLogProps) {
  const t = useTranslations('clusters.log');
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <Button size="sm" className="mt-4" onClick={() => setOpen(true)}>
        <ScrollText aria-hidden />
        {t('show')}
      </Button>
    );
  }
  return <Log {...of} />;
}

function Log(of: InstanceLogProps) {
  const t = useTranslations('clusters.log');
  const trpc = useTRPC();
  // Never from memory: what an instance wrote a minute ago is not what it writes now.
  const log = useQuery(
    trpc.clusters.instanceLog.queryOptions(
      { ...of, lines: LINES },
      { staleTime: 0, gcTime: 0, retry: false },
    ),
  );
  return (
    <section aria-label={t('title')} className="mt-4 overflow-hidden rounded-md border">
      <header className="flex h-9 items-center gap-2 border-b bg-canvas pr-1 pl-3">
        <h3 className="font-medium text-sm">{t('title')}</h3>
        <span className="min-w-0 truncate text-muted text-xs">
          {log.data ? <RelativeTime at={log.data.readAt} /> : null}
        </span>
        <span className="ml-auto flex">
          {log.data ? <CopyButton value={log.data.text} label={t('copy')} /> : null}
          <IconButton
            size="sm"
            label={t('refresh')}
            disabled={log.isFetching}
            onClick={() => void log.refetch()}
          >
            <RotateCw aria-hidden />
          </IconButton>
        </span>
      </header>
      {log.isPending ? <Skeleton className="m-3 h-24" /> : null}
      {log.isError ? (
        <p role="alert" className="px-3 py-2 text-sm">
          {log.error.message}
        </p>
      ) : null}
      {log.data && !log.isError ? <Lines text={log.data.text} /> : null}
    </section>
  );
}

/** The end is what people look for, so it is in sight. */
function Lines({ text }: { text: string }) {
  const t = useTranslations('clusters.log');
  const box = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  if (text.trim() === '') return <p className="px-3 py-2 text-muted text-sm">{t('empty')}</p>;
  return (
    <pre
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      aria-label={t('lines')}
      className="scroll-slim max-h-96 overflow-auto whitespace-pre-wrap break-words px-3 py-2 font-mono text-xs leading-5"
    >
      {text}
    </pre>
  );
}
