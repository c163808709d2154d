import { overConflicts } from '@/server/providers/kubernetes/verbs/change';
import { groupsBehind, nameOf } from '@/server/providers/kubernetes/verbs/groups-behind';
import { checkOurs, routeFor, serviceFor } from '@/server/providers/kubernetes/verbs/load-balancer-objects';
import { checkDnsLabel } from '@/server/providers/kubernetes/verbs/names';
import {
  checkRegion,
  isEnabled,
  type Platform,
  usesGateway,
} from '@/server/providers/kubernetes/verbs/platform';
import { changeRoute } from '@/server/providers/kubernetes/verbs/route';
import { selectorFor } from '@/server/providers/kubernetes/verbs/selector';
import { aloneFromStart } from '@/server/providers/kubernetes/verbs/service-selector';
import { ensureGroupService } from '@/server/providers/kubernetes/verbs/traffic';
import { FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import type { LoadBalancerSpec, Operation } from '@/server/providers/provider';

const AS_DEPLOY = { fieldManager: FIELD_MANAGERS.deploy };

/**
 * The same whoever asks and however often. A route that comes to a load balancer which serves already begins with
 * the groups that are enabled.
 */
export async function upsertLoadBalancer(
  platform: Platform,
  operation: Operation,
  spec: LoadBalancerSpec,
): Promise<void> {
  const { api, config } = platform;
  const { region, name, application } = spec;
  checkRegion(platform, region);
  checkDnsLabel(name, 'load balancer');
  const ref = { namespace: region, name };
  await applyService(platform, spec);
  if (!config.gateway || !(await usesGateway(platform))) return;
  const route = await api.get('HTTPRoute', ref);
  if (route) checkOurs(route, 'HTTPRoute', application);
  await api.apply('HTTPRoute', routeFor(config.gateway, spec), AS_DEPLOY);
  if (!route) await routeToEnabled(platform, operation, spec);
}

/**
 * Whom it reaches stays as it is: a rollback may be changing that at this moment, or people have chosen it. To apply
 * what is there meets no conflict, whoever manages it.
 */
async function applyService(platform: Platform, spec: LoadBalancerSpec): Promise<void> {
  const { api } = platform;
  const ref = { namespace: spec.region, name: spec.name };
  await overConflicts(
    async () => {
      const service = await api.get('Service', ref);
      if (service) checkOurs(service, 'Service', spec.application);
      const version = service?.metadata?.resourceVersion;
      const chosen = service?.spec?.selector ?? {};
      const selector =
        Object.keys(chosen).length > 0
          ? chosen
          : selectorFor(spec.name, await aloneFromStart(platform, { region: spec.region, name: spec.name }));
      const draft = serviceFor(platform, spec, selector);
      const metadata = Object.assign(
        {},
        draft.metadata,
        version === undefined ? {} : { resourceVersion: version },
      );
      return { version, write: () => api.apply('Service', { ...draft, metadata }, AS_DEPLOY) };
    },
    async () => (await api.get('Service', ref))?.metadata?.resourceVersion,
  );
}

async function routeToEnabled(
  platform: Platform,
  operation: Operation,
  spec: LoadBalancerSpec,
): Promise<void> {
  const enabled = (await groupsBehind(platform, spec)).filter(isEnabled);
  if (enabled.length === 0) return;
  for (const group of enabled) await ensureGroupService(platform, group);
  await changeRoute(platform, operation, 'traffic', spec, ({ weights }) => ({
    groups: enabled.map(nameOf),
    weights,
  }));
}
