'use client';

import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Shape } from '@/components/status/shape';
import { useTRPC } from '@/components/trpc/trpc';
import { cn } from '@/components/ui/cn';
import type { AccountCheck } from '@/server/domain/account-check';

/** Asks a platform whether it lets us in and what we may do there. */
export function useAccountCheck() {
  const trpc = useTRPC();
  const check = useMutation(trpc.accounts.check.mutationOptions());
  const { error, data } = check;
  // The same object until the next answer: a new one is scrolled to.
  const answer = useMemo<AccountCheck | null>(
    () => (error ? { ok: false, facts: [], problems: [error.message] } : (data ?? null)),
    [error, data],
  );
  return { check, answer };
}

interface CheckFindingsProps {
  readonly answer: AccountCheck | null;
  /** Somebody is asked about it: it is brought into view once more. */
  readonly asked?: boolean;
}

/** What the platform said: what is there, and what is missing. */
export function CheckFindings({ answer, asked = false }: CheckFindingsProps) {
  const t = useTranslations('settings.accounts');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It comes at the end of a form that may be longer than the screen.
    if (answer !== null) box.current?.scrollIntoView({ block: 'nearest' });
  }, [answer, asked]);
  return (
    <div ref={box} role="status" className="text-xs">
      {answer === null ? null : (
        <ul className="flex flex-col gap-1">
          <Finding good={answer.ok}>{t(answer.ok ? 'well' : 'lacking')}</Finding>
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
