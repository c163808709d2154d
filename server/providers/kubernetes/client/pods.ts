import type { ObjectRef } from '@/server/providers/kubernetes/client/api';
import { statusOf } from '@/server/providers/kubernetes/client/errors';
import { objectPath, query } from '@/server/providers/kubernetes/client/paths';
import {
  type Call,
  isBudgetOfPods,
  type Requests,
  refused,
} from '@/server/providers/kubernetes/client/requests';
import { ProviderError } from '@/server/providers/provider';

/** More than anybody reads; a line without an end must not fill the memory. */
const LOG_BYTES = 1_048_576;

export async function evict(requests: Requests, ref: ObjectRef): Promise<'done' | 'missing' | 'refused'> {
  const call: Call = {
    method: 'POST',
    path: objectPath('Pod', ref, 'eviction'),
    subject: { verb: 'evict', kind: 'Pod', ...ref },
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: ref },
  };
  const answer = await requests.answer(call);
  if (answer.code === 404) return 'missing';
  const status = answer.code < 300 ? null : statusOf(answer.text);
  if (!status) return 'done';
  if (answer.code === 429 && isBudgetOfPods(status)) return 'refused';
  if (answer.code === 500 && status.message?.includes('PodDisruptionBudget'))
    throw new ProviderError(
      'conflict',
      `Pod "${ref.name}" in namespace "${ref.namespace}" cannot be evicted: ${status.message}`,
    );
  throw refused(call, answer);
}

export async function readLog(
  requests: Requests,
  ref: ObjectRef,
  what: { readonly container?: string; readonly lines: number; readonly previous?: boolean },
  signal?: AbortSignal,
): Promise<string> {
  const { container, lines, previous } = what;
  const asked = query({ container, previous, tailLines: lines, limitBytes: LOG_BYTES });
  const call: Call = {
    method: 'GET',
    path: objectPath('Pod', ref, 'log') + asked,
    subject: { verb: 'get', kind: 'Pod', ...ref },
    signal,
  };
  const answer = await requests.answer(call);
  // A container that has not started, or not started before, has no log and is refused as a bad request.
  if (answer.code === 400 || answer.code === 404) return '';
  if (answer.code >= 300) throw refused(call, answer);
  return answer.text;
}
