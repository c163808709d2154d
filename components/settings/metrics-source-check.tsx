'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { cn } from '@/components/ui/cn';
import { MutationButton } from '@/components/ui/mutation-button';
import type { MetricsSourceCheck } from '@/server/domain/views/canary';

type Answer = MetricsSourceCheck | { readonly ok: false; readonly message: string };

/** Asks a source whether it answers and lets us in. */
export function useSourceCheck() {
  const trpc = useTRPC();
  const check = useMutation(trpc.metricsSources.check.mutationOptions());
  const answer: Answer | null = check.error
    ? { ok: false, message: check.error.message }
    : (check.data ?? null);
  return { check, answer };
}

/** What a source said, in a sentence. */
export function CheckAnswer({ answer, className }: { answer: Answer | null; className?: string }) {
  const t = useTranslations('metricsSources');
  return (
    <p role="status" className={cn('text-xs', className)}>
      {answer === null ? null : answer.ok ? (
        <span className="inline-flex items-center gap-1.5 text-clear-ink">
          <Shape name="check" tone="clear" />
          {t('answers', { milliseconds: answer.milliseconds })}
        </span>
      ) : (
        <span className="inline-flex items-start gap-1.5 text-danger-ink">
          <Shape name="square" tone="danger" className="mt-0.5" />
          {answer.message}
        </span>
      )}
    </p>
  );
}

interface CheckButtonProps {
  readonly pending: boolean;
  readonly disabled: boolean;
  readonly title?: string;
  readonly size?: 'sm' | 'md';
  readonly onClick: () => void;
}

export function CheckButton(props: CheckButtonProps) {
  const t = useTranslations('metricsSources');
  return (
    <MutationButton {...props} pendingLabel={t('testing')}>
      {t('test')}
    </MutationButton>
  );
}
