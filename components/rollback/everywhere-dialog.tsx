'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMay } from '@/components/nav/use-me';
import { EverywherePlan } from '@/components/rollback/everywhere-plan';
import { ReasonField } from '@/components/rollback/reason-field';
import { RollbackShell } from '@/components/rollback/rollback-shell';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';

/** What is taken back: what one execution delivered, or the version that an application runs newest. */
export type Delivered = { readonly executionId: string } | { readonly application: string };

/** Asks for a rollback of several environments, and shows first what it would do to each. */
export function RollbackEverywhereButton({ target }: { target: Delivered }) {
  const t = useTranslations('rollback');
  const [open, setOpen] = useState(false);
  const may = useMay('cluster.rollback');
  if (!may) return null;
  return (
    <>
      <Button variant="dangerOutline" onClick={() => setOpen(true)}>
        <Undo2 aria-hidden />
        {t('everywhere.button')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        {open ? <Content target={target} onDone={() => setOpen(false)} /> : null}
      </Dialog>
    </>
  );
}

function Content({ target, onDone }: { target: Delivered; onDone: () => void }) {
  const t = useTranslations('rollback');
  const trpc = useTRPC();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  // Fresh each time: a decision about production must not rest on what the cache remembers.
  const preview = useQuery(
    trpc.rollbacks.previewEverywhere.queryOptions(target, { staleTime: 0, gcTime: 0 }),
  );
  const start = useStart(onDone);
  const { data } = preview;
  const count = data?.places.filter(({ possible }) => possible).length ?? 0;
  const submit = () => {
    setAsked(true);
    if (!data || reason.trim() === '') return;
    // The version that was shown, not whichever is the newest by now.
    const shown = 'executionId' in target ? target : { ...target, version: data.version ?? undefined };
    start.mutate({ target: shown, reason: reason.trim() });
  };
  return (
    <RollbackShell
      title={data?.version ? t('everywhere.title', { version: data.version }) : t('everywhere.button')}
      description={t('everywhere.description')}
      preview={preview}
      action={data?.possible ? t('everywhere.do', { count }) : null}
      pending={start.isPending}
      onAct={submit}
      asks={data?.possible ? <ReasonField value={reason} onChange={setReason} asked={asked} /> : null}
    >
      {(shown) => <EverywherePlan preview={shown} />}
    </RollbackShell>
  );
}

function useStart(onDone: () => void) {
  const t = useTranslations('rollback');
  const trpc = useTRPC();
  const router = useRouter();
  return useMutation(
    trpc.rollbacks.startEverywhere.mutationOptions({
      onSuccess: ({ executionId }) => {
        toast.success(t('everywhere.started'));
        onDone();
        router.push(`/executions/${executionId}`);
      },
      onError: (error) => toast.error(t('failed'), { description: error.message }),
    }),
  );
}
