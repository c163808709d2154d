'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { cn } from '@/components/ui/cn';
import type { AccountCheck } from '@/server/domain/account-check';

/** Asks a platform whether it lets us in and what we may do there. */
export function useAccountCheck() {
  const trpc = useTRPC();
  const check = useMutation(trpc.accounts.check.mutationOptions());
  const answer: AccountCheck | null = check.error
    ? { ok: false, facts: [], problems: [check.error.message] }
    : (check.data ?? null);
  return { check, answer };
}

/** What the platform said: what is there, and what is missing. */
export function CheckFindings({ answer, className }: { answer: AccountCheck | null; className?: string }) {
  const t = useTranslations('settings.accounts');
  return (
    <div role="status" className={cn('text-xs', className)}>
      {answer === null ? null : (
        <ul className="flex flex-col gap-1">
          {answer.ok && answer.problems.length === 0 ? <Finding good>{t('well')}</Finding> : null}
          {answer.problems.map((problem) => (
            <Finding key={problem} good={false}>
              {problem}
            </Finding>
          ))}
          {answer.facts.map((fact) => (
            <li key={fact} className="text-muted">
              {fact}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Finding({ good, children }: { good: boolean; children: string }) {
  return (
    <li className={cn('flex items-start gap-1.5', good ? 'text-clear-ink' : 'text-danger-ink')}>
      <Shape name={good ? 'check' : 'square'} tone={good ? 'clear' : 'danger'} className="mt-0.5" />
      <span className="min-w-0 break-words">{children}</span>
    </li>
  );
}
