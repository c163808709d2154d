import { parseServerGroupName, serverGroupName } from '@/server/domain/naming';
import { ProviderError, type ServerGroupSpec } from '@/server/providers/provider';

/** Pods are called after their group, with a dash and five characters more, in 63. */
const LONGEST_GROUP_NAME = 57;
/** Of a Service, which every load balancer is and many groups have. */
const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LONGEST_LABEL_VALUE = 63;

/** @throws ProviderError `invalid`, saying what a cluster would refuse. */
export function checkGroupName({
  name,
  cluster,
  application,
}: Pick<ServerGroupSpec, 'name' | 'cluster' | 'application'>): void {
  const moniker = parseServerGroupName(name);
  const belongs =
    moniker?.sequence != null && moniker.cluster === cluster && moniker.application === application;
  if (!belongs)
    throw new ProviderError('invalid', `server group name ${name} does not belong to cluster ${cluster}`);
  if (/^\d/.test(name))
    throw new ProviderError(
      'invalid',
      `${name} starts with a digit, which Kubernetes refuses in names of Services: rename application ${application}`,
    );
  checkDnsLabel(name, 'server group');
  if (name.length > LONGEST_GROUP_NAME)
    throw new ProviderError(
      'invalid',
      `server group name ${name} has ${name.length} characters: names of its pods leave room for ${LONGEST_GROUP_NAME}`,
    );
}

/** Why no server group and no load balancer could be made for a cluster of this name; null when they can. */
export function clusterNameObjection(application: string, cluster: string): string | null {
  try {
    checkDnsLabel(cluster, 'cluster');
    checkGroupName({ name: serverGroupName(cluster, 0), cluster, application });
    return null;
  } catch (error) {
    if (error instanceof ProviderError) return error.message;
    throw error;
  }
}

/** @throws ProviderError `invalid` for what cannot be the name of a Service. */
export function checkDnsLabel(name: string, what: string): void {
  if (DNS_LABEL.test(name)) return;
  throw new ProviderError(
    'invalid',
    `${what} name ${name} must have at most 63 lower-case letters, digits and dashes, beginning with a letter`,
  );
}

/** A text as a label may carry it: what labels may not hold becomes an underscore. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]/g, '_')
    .slice(0, LONGEST_LABEL_VALUE)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}
