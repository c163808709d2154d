import type { Draft } from '@/server/providers/kubernetes/client/api';
import type { ObjectOf } from '@/server/providers/kubernetes/client/objects';
import type { Platform } from '@/server/providers/kubernetes/verbs/platform';
import type { Selector } from '@/server/providers/kubernetes/verbs/selector';
import { APP_LABELS, LABELS, MANAGED_BY } from '@/server/providers/kubernetes/words/labels';
import { type LoadBalancerRef, type LoadBalancerSpec, ProviderError } from '@/server/providers/provider';

/**
 * The Service that every load balancer is: it reaches the pods that carry its label.
 * @param selector where the Service is there already, its own: another's to change.
 */
export function serviceFor(
  { config }: Pick<Platform, 'config'>,
  { region, name, application }: LoadBalancerSpec,
  selector: Selector,
): Draft<'Service'> {
  return {
    metadata: { namespace: region, name, labels: labelsOf(name, application) },
    spec: {
      selector: { ...selector },
      ports: [{ name: 'http', port: config.port, targetPort: config.port, protocol: 'TCP' }],
    },
  };
}

/** The route that shares a load balancer's requests by weight. Whom they go to is another manager's. */
export function routeFor(
  gateway: NonNullable<Platform['config']['gateway']>,
  { region, name, application }: LoadBalancerSpec,
): Draft<'HTTPRoute'> {
  const hostname = gateway.hostnames?.replaceAll('{loadBalancer}', name);
  const parent = { name: gateway.name, ...(gateway.namespace ? { namespace: gateway.namespace } : {}) };
  return {
    metadata: { namespace: region, name, labels: labelsOf(name, application) },
    spec: { parentRefs: [parent], ...(hostname ? { hostnames: [hostname] } : {}) },
  };
}

function labelsOf(name: string, application: string): Record<string, string> {
  return {
    [LABELS.loadBalancer]: name,
    [LABELS.application]: application,
    [APP_LABELS.name]: application,
    [APP_LABELS.managedBy]: MANAGED_BY,
  };
}

/** @throws ProviderError `not_found` when it is not there, `conflict` when another made the Service. */
export async function existingLoadBalancer(
  { api }: Platform,
  { region, name }: LoadBalancerRef,
): Promise<ObjectOf<'Service'>> {
  const service = await api.get('Service', { namespace: region, name });
  if (!service)
    throw new ProviderError(
      'not_found',
      `load balancer ${name} does not exist in ${region}: create it first`,
    );
  checkOurs(service, 'Service');
  return service;
}

/** @throws ProviderError `conflict` for an object of the name that is not a load balancer of the application. */
export function checkOurs(
  { metadata }: ObjectOf<'Service' | 'HTTPRoute'>,
  kind: 'Service' | 'HTTPRoute',
  application?: string,
): void {
  const { name, labels } = metadata ?? {};
  if (labels?.[LABELS.loadBalancer] !== name)
    throw new ProviderError(
      'conflict',
      `${kind} ${name} was not made by Signalbox, which leaves it alone: choose another name`,
    );
  const owner = labels?.[LABELS.application];
  if (application !== undefined && owner !== application)
    throw new ProviderError('conflict', `load balancer ${name} belongs to application ${owner}`);
}
