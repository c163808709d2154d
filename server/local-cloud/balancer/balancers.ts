import type { Logger } from 'pino';
import { shares } from '@/server/domain/shares';
import { AccessList } from '@/server/local-cloud/balancer/access';
import { Balancer, type BalancerIdentity } from '@/server/local-cloud/balancer/balancer';
import type { Route } from '@/server/local-cloud/balancer/rotation';
import { CloudError, systemErrorCode } from '@/server/local-cloud/errors';
import type { Fleet } from '@/server/local-cloud/instances/fleet';
import { groupLabels } from '@/server/local-cloud/labels';
import type { CloudMetrics } from '@/server/local-cloud/metrics';
import {
  type GroupRecord,
  type LoadBalancerRecord,
  resourceKey,
  type Store,
} from '@/server/local-cloud/state';

export interface BalancersOptions {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly metrics: CloudMetrics;
  readonly log: Logger;
  readonly host: string;
  readonly portBase: number | undefined;
}

const PORTS_TRIED = 200;
const REOPEN_PATIENCE_MS = 15_000;

/** Every load balancer's listener, and the routes that follow from the state and the fleet. */
export class Balancers {
  readonly #open = new Map<string, Balancer>();
  readonly #options: BalancersOptions;

  constructor(options: BalancersOptions) {
    this.#options = options;
  }

  /** Opens a new one. @returns its port, from now on its own. */
  async create(identity: BalancerIdentity): Promise<number> {
    const { metrics, host, portBase, store } = this.#options;
    const balancer = new Balancer(identity, metrics);
    const promised = new Set(store.current.loadBalancers.map((record) => record.port));
    const candidates =
      portBase === undefined ? [0] : Array.from({ length: PORTS_TRIED }, (_, offset) => portBase + offset);
    for (const candidate of candidates) {
      if (promised.has(candidate)) continue;
      try {
        const port = await balancer.listen(host, candidate);
        this.#open.set(resourceKey(identity), balancer);
        return port;
      } catch (error) {
        if (systemErrorCode(error) !== 'EADDRINUSE' && systemErrorCode(error) !== 'EACCES') throw error;
      }
    }
    throw new CloudError(
      'unavailable',
      `no free port for load balancer ${identity.name} from ${portBase} upwards`,
    );
  }

  has(key: string): boolean {
    return this.#open.has(key);
  }

  /** Puts every known load balancer back on its port. One whose port stays taken is logged and left out. */
  async reopen(): Promise<void> {
    const { store, metrics, host, log } = this.#options;
    await Promise.all(
      store.current.loadBalancers.map(async (record) => {
        const balancer = new Balancer(record, metrics);
        this.#refreshOne(record, balancer);
        try {
          await balancer.listenAgain(host, record.port, REOPEN_PATIENCE_MS);
          this.#open.set(resourceKey(record), balancer);
          this.#refreshOne(record, balancer);
        } catch (error) {
          log.error(
            { err: error, port: record.port },
            `load balancer ${record.name} cannot have its port back`,
          );
        }
      }),
    );
  }

  /** Makes routes and access follow the state. When it returns, the next request sees them. */
  refresh(): void {
    for (const record of this.#options.store.current.loadBalancers) {
      const balancer = this.#open.get(resourceKey(record));
      if (balancer) this.#refreshOne(record, balancer);
    }
  }

  /** Share of the requests of each server group behind it, enabled or not. */
  sharesOf(record: LoadBalancerRecord): Map<string, number> {
    const members = this.#members(record).map((group) => ({
      serverGroup: group.name,
      enabled: group.enabled && !group.destroying,
      healthyInstances: this.#healthy(group).length,
    }));
    return shares(members, record.weights);
  }

  async close(patienceMs: number): Promise<void> {
    await Promise.all([...this.#open.values()].map((balancer) => balancer.close(patienceMs)));
  }

  #refreshOne(record: LoadBalancerRecord, balancer: Balancer): void {
    const { firewalls } = this.#options.store.current;
    const guarding = firewalls.filter(
      (firewall) => firewall.region === record.region && firewall.application === record.application,
    );
    balancer.admit(new AccessList(guarding, record.port));
    const share = this.sharesOf(record);
    const routes = this.#members(record).map(
      (group): Route => ({
        labels: groupLabels(group),
        share: share.get(group.name) ?? 0,
        instances: this.#healthy(group),
      }),
    );
    balancer.route(routes.filter((route) => route.share > 0));
  }

  #members(record: LoadBalancerRecord): GroupRecord[] {
    return this.#options.store.current.groups.filter(
      (group) => group.region === record.region && group.loadBalancers.includes(record.name),
    );
  }

  #healthy(group: GroupRecord) {
    return this.#options.fleet.of(resourceKey(group)).filter((instance) => instance.health === 'healthy');
  }
}
