'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useMessage } from '@/components/i18n/provider';
import { httpStatus } from '@/components/trpc/client';
import { useTRPC } from '@/components/trpc/trpc';
import type { Evidence } from '@/server/domain/views/execution';

/**
 * Decides a gate. Nothing is shown as done before the server has said so; a 409 means that someone
 * was faster, and its sentence says who.
 */
export function useDecide(evidence: Evidence) {
  const t = useTranslations('gates.decide');
  const say = useMessage();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { executionId, refId } = evidence;
  return useMutation(
    trpc.judgments.decide.mutationOptions({
      onSuccess: (judgment) => {
        const name = say(evidence.stageName);
        toast.success(t(judgment.decision === 'continue' ? 'continued' : 'stopped', { name }));
      },
      onError: (error) =>
        toast.error(t(httpStatus(error) === 409 ? 'tooLate' : 'failed'), { description: error.message }),
      onSettled: () =>
        Promise.all([
          cache.invalidateQueries(trpc.judgments.evidence.queryFilter({ executionId, refId })),
          cache.invalidateQueries(trpc.judgments.listWaiting.queryFilter()),
          cache.invalidateQueries(trpc.executions.get.queryFilter({ id: executionId })),
        ]),
    }),
  );
}
