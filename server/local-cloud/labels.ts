import type { GroupLabels } from '@/server/local-cloud/balancer/rotation';
import type { GroupRecord } from '@/server/local-cloud/state';

/** The labels every metric of a server group carries. */
export function groupLabels(group: GroupRecord): GroupLabels {
  return {
    server_group: group.name,
    cluster: group.cluster,
    application: group.application,
    region: group.region,
    version: group.artifact.version,
  };
}
