import {
  createdAnswer,
  doneAnswer,
  firewallAnswer,
  inventoryAnswer,
  loadBalancerAnswer,
  logAnswer,
} from '@/server/providers/local/api-types';
import { localArtifacts } from '@/server/providers/local/artifacts';
import { watchChanges } from '@/server/providers/local/changes';
import { LocalClient } from '@/server/providers/local/client';
import { locate } from '@/server/providers/local/endpoint';
import { localBakery, localJobs } from '@/server/providers/local/jobs';
import type { LocalConfig } from '@/server/providers/local/manifest';
import { groupsOf, joinedLog, toInventory } from '@/server/providers/local/mapper';
import type { GroupRef, LoadBalancerRef, Operation, Provider } from '@/server/providers/provider';

/** A provider over the local cloud's HTTP API. */
export function createLocalProvider(
  account: string,
  config: LocalConfig,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Provider {
  const client = new LocalClient(() => locate(config, environment));
  const act = async (method: 'POST' | 'DELETE', path: string, operation: Operation, json?: unknown) => {
    await client.send({ method, path, operation, json, answer: doneAnswer });
  };
  const describe = async (signal?: AbortSignal) =>
    toInventory(
      account,
      await client.send({ method: 'GET', path: '/v1/inventory', signal, answer: inventoryAnswer }),
    );

  return {
    describe,
    describeCluster: async (ref, signal) => groupsOf(await describe(signal), ref),
    watch: (signal) => watchChanges(client, signal),
    async readLog(group, instanceId, lines, signal) {
      const path = `${groupPath(group)}/instances/${encodeURIComponent(instanceId)}/logs?lines=${lines}`;
      return joinedLog(await client.send({ method: 'GET', path, signal, answer: logAnswer }), lines);
    },
    async check(signal) {
      const { serverGroups, loadBalancers } = await describe(signal);
      const { url } = await locate(config, environment);
      const facts = [
        `The local cloud answers at ${url}.`,
        `Server groups: ${serverGroups.length}, load balancers: ${loadBalancers.length}.`,
      ];
      return { ok: true, facts, problems: [] };
    },
    createServerGroup(operation, spec) {
      const { application, cluster, artifact, capacity, config: values, loadBalancers, enabled } = spec;
      const json = { application, cluster, artifact, capacity, config: values, loadBalancers, enabled };
      return client.send({ method: 'PUT', path: groupPath(spec), operation, json, answer: createdAnswer });
    },
    resizeServerGroup: (operation, group, capacity) =>
      act('POST', `${groupPath(group)}/resize`, operation, capacity),
    enableServerGroup: (operation, group) => act('POST', `${groupPath(group)}/enable`, operation),
    disableServerGroup: (operation, group) => act('POST', `${groupPath(group)}/disable`, operation),
    destroyServerGroup: (operation, group) => act('DELETE', groupPath(group), operation),
    setWeights: (operation, target, weights) =>
      act('POST', `${loadBalancerPath(target)}/weights`, operation, { weights }),
    terminateInstance: (operation, group, instanceId) =>
      act('DELETE', `${groupPath(group)}/instances/${encodeURIComponent(instanceId)}`, operation),
    async upsertLoadBalancer(operation, { application, ...target }) {
      const path = loadBalancerPath(target);
      const answer = await client.send({
        method: 'PUT',
        path,
        operation,
        json: { application },
        answer: loadBalancerAnswer,
      });
      return { ...answer.loadBalancer, account };
    },
    async upsertFirewall(operation, { region, name, application, rules }) {
      const path = `/v1/regions/${encodeURIComponent(region)}/firewalls/${encodeURIComponent(name)}`;
      const json = { application, rules };
      const answer = await client.send({ method: 'PUT', path, operation, json, answer: firewallAnswer });
      return { ...answer.firewall, account };
    },
    artifacts: localArtifacts(client),
    jobs: localJobs(client),
    bakery: localBakery(client),
  };
}

function groupPath({ region, name }: GroupRef): string {
  return `/v1/regions/${encodeURIComponent(region)}/server-groups/${encodeURIComponent(name)}`;
}

function loadBalancerPath({ region, name }: LoadBalancerRef): string {
  return `/v1/regions/${encodeURIComponent(region)}/load-balancers/${encodeURIComponent(name)}`;
}
