import { capacitySchema } from '@/server/domain/inventory';
import { CloudError } from '@/server/local-cloud/errors';
import { streamChanges } from '@/server/local-cloud/http/changes';
import { jobRoutes } from '@/server/local-cloud/http/job-routes';
import { metricsRoutes } from '@/server/local-cloud/http/metrics-routes';
import {
  type Exchange,
  operationOf,
  param,
  type Route,
  readBody,
  refOf,
} from '@/server/local-cloud/http/route';
import {
  firewallBodySchema,
  groupBodySchema,
  loadBalancerBodySchema,
  nameSchema,
  weightsBodySchema,
} from '@/server/local-cloud/http/schemas';
import { lastLines } from '@/server/local-cloud/instances/logs';
import type { CloudMetrics } from '@/server/local-cloud/metrics';
import { resourceKey } from '@/server/local-cloud/state';
import { upsertFirewall } from '@/server/local-cloud/verbs/firewalls';
import { setWeights, upsertLoadBalancer } from '@/server/local-cloud/verbs/load-balancers';
import {
  createGroup,
  destroyGroup,
  enableGroup,
  resizeGroup,
  terminateInstance,
} from '@/server/local-cloud/verbs/server-groups';
import { groupView, inventoryView, loadBalancerView, type Platform } from '@/server/local-cloud/views';

const GROUP = '/v1/regions/:region/server-groups/:name';
const LOAD_BALANCER = '/v1/regions/:region/load-balancers/:name';

/** Every address of the API, and the verb behind it. */
export function apiRoutes(platform: Platform, metrics: CloudMetrics): Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      open: true,
      handle: () => ({ status: 'ok', regions: platform.regions }),
    },
    ...metricsRoutes(metrics),
    { method: 'GET', path: '/v1/inventory', handle: () => inventoryView(platform) },
    {
      method: 'GET',
      path: '/v1/changes',
      handle: ({ response }) => streamChanges(platform.changes, response),
    },
    ...artifactRoutes(platform),
    ...groupRoutes(platform),
    ...trafficRoutes(platform),
    ...jobRoutes(platform),
  ];
}

function artifactRoutes(platform: Platform): Route[] {
  return [
    { method: 'GET', path: '/v1/artifacts', handle: () => ({ artifacts: platform.library.list() }) },
    {
      method: 'GET',
      path: '/v1/artifacts/:name/:version',
      handle: (exchange) => {
        const [name, version] = [param(exchange, 'name'), param(exchange, 'version')];
        const artifact = platform.library.find(name, version);
        if (!artifact) throw new CloudError('not_found', `artifact ${name} ${version} is not published here`);
        return { artifact };
      },
    },
    {
      method: 'PUT',
      path: '/v1/artifacts/:name/:version',
      handle: async (exchange) => {
        const [name, version] = [param(exchange, 'name'), param(exchange, 'version')];
        for (const part of [name, version]) {
          if (!nameSchema.safeParse(part).success)
            throw new CloudError('invalid', `"${part}" is not a usable name`);
        }
        const { artifact, created } = await platform.library.publish(name, version, exchange.request);
        if (created) platform.changes.announce({ region: null, application: null, cluster: null });
        return { artifact };
      },
    },
  ];
}

function groupRoutes(platform: Platform): Route[] {
  return [
    { method: 'GET', path: GROUP, handle: (exchange) => ({ serverGroup: readGroup(platform, exchange) }) },
    {
      method: 'PUT',
      path: GROUP,
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        const body = await readBody(exchange, groupBodySchema);
        return createGroup(platform, operation, { ...refOf(exchange), ...body });
      },
    },
    {
      method: 'DELETE',
      path: GROUP,
      handle: (exchange) => destroyGroup(platform, operationOf(exchange), refOf(exchange)),
    },
    {
      method: 'POST',
      path: `${GROUP}/resize`,
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        return resizeGroup(platform, operation, refOf(exchange), await readBody(exchange, capacitySchema));
      },
    },
    {
      method: 'POST',
      path: `${GROUP}/enable`,
      handle: (exchange) => enableGroup(platform, operationOf(exchange), refOf(exchange), true),
    },
    {
      method: 'POST',
      path: `${GROUP}/disable`,
      handle: (exchange) => enableGroup(platform, operationOf(exchange), refOf(exchange), false),
    },
    {
      method: 'DELETE',
      path: `${GROUP}/instances/:instance`,
      handle: (exchange) =>
        terminateInstance(platform, operationOf(exchange), refOf(exchange), param(exchange, 'instance')),
    },
    {
      method: 'GET',
      path: `${GROUP}/instances/:instance/logs`,
      handle: (exchange) => readLogs(platform, exchange),
    },
  ];
}

function trafficRoutes(platform: Platform): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/load-balancers',
      handle: ({ query }) => {
        const application = query.get('application');
        const wanted = platform.store.current.loadBalancers.filter(
          (record) => application === null || record.application === application,
        );
        return { loadBalancers: wanted.map((record) => loadBalancerView(platform, record)) };
      },
    },
    {
      method: 'PUT',
      path: LOAD_BALANCER,
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        const ref = { ...refOf(exchange), name: checkedName(exchange) };
        const { application } = await readBody(exchange, loadBalancerBodySchema);
        return { loadBalancer: await upsertLoadBalancer(platform, operation, { ...ref, application }) };
      },
    },
    {
      method: 'POST',
      path: `${LOAD_BALANCER}/weights`,
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        const { weights } = await readBody(exchange, weightsBodySchema);
        return setWeights(platform, operation, refOf(exchange), weights);
      },
    },
    {
      method: 'GET',
      path: '/v1/firewalls',
      handle: () => ({ firewalls: platform.store.current.firewalls }),
    },
    {
      method: 'PUT',
      path: '/v1/regions/:region/firewalls/:name',
      handle: async (exchange) => {
        const operation = operationOf(exchange);
        const ref = { ...refOf(exchange), name: checkedName(exchange) };
        const body = await readBody(exchange, firewallBodySchema);
        return { firewall: await upsertFirewall(platform, operation, { ...ref, ...body }) };
      },
    },
  ];
}

function checkedName(exchange: Exchange): string {
  const parsed = nameSchema.safeParse(param(exchange, 'name'));
  if (!parsed.success) throw new CloudError('invalid', `"${param(exchange, 'name')}" is not a usable name`);
  return parsed.data;
}

function readGroup(platform: Platform, exchange: Exchange) {
  const ref = refOf(exchange);
  const group = platform.store.current.groups.find((one) => resourceKey(one) === resourceKey(ref));
  if (!group) throw new CloudError('not_found', `server group ${ref.name} does not exist in ${ref.region}`);
  return groupView(platform, group);
}

function readLogs(platform: Platform, exchange: Exchange) {
  const id = param(exchange, 'instance');
  const instance = platform.fleet.of(resourceKey(refOf(exchange))).find((one) => one.id === id);
  if (!instance) throw new CloudError('not_found', `there is no instance ${id} in that server group`);
  const lines = Math.min(1_000, Math.max(1, Number(exchange.query.get('lines')) || 100));
  return { stdout: lastLines(instance.stdoutPath, lines), stderr: lastLines(instance.stderrPath, lines) };
}
