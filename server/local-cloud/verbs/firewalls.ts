import { isCidr } from '@/server/local-cloud/balancer/access';
import { CloudError } from '@/server/local-cloud/errors';
import type { Operation } from '@/server/local-cloud/operations';
import { type FirewallRecord, resourceKey } from '@/server/local-cloud/state';
import type { FirewallView, Platform } from '@/server/local-cloud/views';

/**
 * Sets a firewall's rules. From then on the application's load balancers in the region admit exactly
 * what all its firewalls there allow.
 */
export async function upsertFirewall(
  platform: Platform,
  operation: Operation,
  spec: FirewallRecord,
): Promise<FirewallView> {
  const wrong = spec.rules.find((rule) => !isCidr(rule.source) || rule.fromPort > rule.toPort);
  if (wrong) {
    const rule = `${wrong.protocol} ${wrong.fromPort}-${wrong.toPort} from ${wrong.source}`;
    throw new CloudError(
      'invalid',
      `rule "${rule}" needs a CIDR source such as 10.0.0.0/8 and fromPort ≤ toPort`,
    );
  }
  if (!platform.regions.includes(spec.region)) {
    throw new CloudError(
      'invalid',
      `region ${spec.region} does not exist here: choose ${platform.regions.join(' or ')}`,
    );
  }
  const { result, replayed } = await platform.operations.perform(
    operation,
    () => Promise.resolve(),
    (draft) => {
      const others = draft.firewalls.filter((one) => resourceKey(one) !== resourceKey(spec));
      draft.firewalls = [...others, spec];
      return spec;
    },
  );
  if (!replayed) {
    platform.balancers.refresh();
    platform.changes.announce({ region: spec.region, application: spec.application, cluster: null });
  }
  return result;
}
