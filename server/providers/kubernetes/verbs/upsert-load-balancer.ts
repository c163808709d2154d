import { checkOurs, routeFor, serviceFor } from '@/server/providers/kubernetes/verbs/load-balancer-objects';
import { checkDnsLabel } from '@/server/providers/kubernetes/verbs/names';
import { checkRegion, type Platform, usesGateway } from '@/server/providers/kubernetes/verbs/platform';
import { FIELD_MANAGERS } from '@/server/providers/kubernetes/words/labels';
import type { LoadBalancerSpec } from '@/server/providers/provider';

const AS_DEPLOY = { fieldManager: FIELD_MANAGERS.deploy };

/** The same whoever asks and however often, so that no operation needs to be noted. */
export async function upsertLoadBalancer(platform: Platform, spec: LoadBalancerSpec): Promise<void> {
  const { api, config } = platform;
  const { region, name, application } = spec;
  checkRegion(platform, region);
  checkDnsLabel(name, 'load balancer');
  const ref = { namespace: region, name };
  const service = await api.get('Service', ref);
  if (service) checkOurs(service, 'Service', application);
  await api.apply('Service', serviceFor(platform, spec), AS_DEPLOY);
  if (!config.gateway || !(await usesGateway(platform))) return;
  const route = await api.get('HTTPRoute', ref);
  if (route) checkOurs(route, 'HTTPRoute', application);
  await api.apply('HTTPRoute', routeFor(config.gateway, spec), AS_DEPLOY);
}
