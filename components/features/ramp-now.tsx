'use client';

import { useMutation } from '@tanstack/react-query';
import { TrendingUp } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { rampWords } from '@/components/features/ramp.view';
import { useClockTime } from '@/components/features/use-clock-time';
import { useRefreshFeatures } from '@/components/features/use-feature-acts';
import { useTRPC } from '@/components/trpc/trpc';
import { Button } from '@/components/ui/button';
import { ErrorLine } from '@/components/ui/error-line';
import { ReasonDialog } from '@/components/ui/form-dialog';
import type { RampView } from '@/server/domain/views/toggles';

interface RampNowProps {
  readonly feature: { readonly key: string; readonly name: string };
  readonly environment: string;
  readonly ramp: RampView;
  readonly mayWrite: boolean;
}

/** The ramp that runs in an environment: how far it is, what comes next, and the way to end it. */
export function RampNow({ feature, environment, ramp, mayWrite }: RampNowProps) {
  const t = useTranslations('features.ramp');
  const time = useClockTime();
  const [isStopping, setStopping] = useState(false);
  const { variant, step, steps, percent, next, guard, executionId } = ramp;
  const words = rampWords(ramp);
  const values = { variant, step, steps, percent: percent ?? 0 };
  const then =
    words.after === null
      ? null
      : t(`then.${words.after}`, { percent: next?.percent ?? 0, at: next?.at ? time(next.at) : '' });
  return (
    <div
      role="group"
      aria-label={t('running', { environment })}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-accent-soft px-3 py-2 text-sm"
    >
      <TrendingUp aria-hidden className="size-4 shrink-0 text-accent-ink" />
      <p className="min-w-0 flex-1 basis-56">
        <span className="font-medium">{t(`now.${words.now}`, values)}</span>
        {then ? <> → {then}</> : null}
        <span className="block text-muted text-xs">
          {guard ? t('judgedBy', { guard }) : t('unjudged')} · {t('startedBy', { by: ramp.by })}
        </span>
      </p>
      <Button asChild size="sm" variant="ghost">
        <Link href={`/executions/${executionId}`}>{t('watch')}</Link>
      </Button>
      {mayWrite ? (
        <Button size="sm" disabled={ramp.isStopping} onClick={() => setStopping(true)}>
          {t('stop')}
        </Button>
      ) : null}
      {isStopping ? <StopDialog {...{ feature, environment }} onClose={() => setStopping(false)} /> : null}
    </div>
  );
}

type StopDialogProps = Pick<RampNowProps, 'feature' | 'environment'> & { readonly onClose: () => void };

function StopDialog({ feature, environment, onClose }: StopDialogProps) {
  const t = useTranslations('features.ramp');
  const common = useTranslations('features');
  const trpc = useTRPC();
  const refresh = useRefreshFeatures();
  const names = { name: feature.name, environment };
  const stop = useMutation(
    trpc.toggles.stopRamp.mutationOptions({
      onSuccess: async () => {
        toast.success(t('stopped', names));
        onClose();
        await refresh();
      },
    }),
  );
  return (
    <ReasonDialog
      open
      onOpenChange={onClose}
      title={t('stopTitle', names)}
      description={t('stopText')}
      action={t('stopDo')}
      tone="danger"
      pendingLabel={common('saving')}
      pending={stop.isPending}
      reasonLabel={common('reason')}
      reasonHint={t('reasonHint')}
      onConfirm={(reason) => stop.mutate({ key: feature.key, environment, reason })}
    >
      <ErrorLine error={stop.error} />
    </ReasonDialog>
  );
}
