import type { Firewall } from '@/server/domain/inventory';
import { overConflicts } from '@/server/providers/kubernetes/verbs/change';
import { isNoted, noted, standingOf } from '@/server/providers/kubernetes/verbs/ledger';
import { checkDnsLabel } from '@/server/providers/kubernetes/verbs/names';
import { checkRegion, type Platform } from '@/server/providers/kubernetes/verbs/platform';
import { networkPolicyFor } from '@/server/providers/kubernetes/words/firewall-of';
import { FIELD_MANAGERS, LABELS } from '@/server/providers/kubernetes/words/labels';
import { type Operation, ProviderError } from '@/server/providers/provider';

/** Sets what may reach the application's instances. Whether it is enforced is the cluster's network's matter. */
export async function upsertFirewall(
  platform: Platform,
  operation: Operation,
  firewall: Firewall,
): Promise<Firewall> {
  const { api } = platform;
  const { region, name } = firewall;
  checkRegion(platform, region);
  checkDnsLabel(name, 'firewall');
  const draft = networkPolicyFor(firewall);
  const read = () => api.get('NetworkPolicy', { namespace: region, name });
  await overConflicts(
    async () => {
      const policy = await read();
      if (policy && policy.metadata?.labels?.[LABELS.firewall] !== name)
        throw new ProviderError(
          'conflict',
          `NetworkPolicy ${name} was not made by Signalbox, which leaves it alone: choose another name`,
        );
      const done = standingOf(policy, operation) === 'over' || isNoted(policy, operation);
      const version = policy?.metadata?.resourceVersion;
      const { namespace, labels, annotations } = draft.metadata;
      const metadata = {
        namespace,
        name,
        labels,
        annotations: { ...annotations, ...noted(policy, operation, 'content') },
        ...(version === undefined ? {} : { resourceVersion: version }),
      };
      return {
        version,
        write: async () => {
          if (done) return;
          const options = { fieldManager: FIELD_MANAGERS.firewall };
          await api.apply('NetworkPolicy', { ...draft, metadata }, options);
        },
      };
    },
    async () => (await read())?.metadata?.resourceVersion,
  );
  return firewall;
}
