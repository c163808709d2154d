import type { KubernetesApi, Where } from '@/server/providers/kubernetes/client/api';
import type { SeenKind } from '@/server/providers/kubernetes/watch/seen';
import { LABELS } from '@/server/providers/kubernetes/words/labels';

/** With more namespaces, one list and one watch of all is less than one for each. */
const FEW = 3;

/** Where to look for a kind: each namespace, or all at once where there are many and the account may. */
export async function scopesOf(
  api: KubernetesApi,
  kind: SeenKind,
  namespaces: readonly string[],
): Promise<Where[]> {
  // Others' jobs are none of ours.
  const only = kind === 'Job' ? { labelSelector: LABELS.job } : {};
  if (namespaces.length > FEW) {
    const [lists, watches] = await Promise.all([api.mayI('list', kind, null), api.mayI('watch', kind, null)]);
    if (lists && watches) return [only];
  }
  return namespaces.map((namespace) => ({ namespace, ...only }));
}
