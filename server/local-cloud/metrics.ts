import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { INSTANCE_HEALTH, type InstanceHealth } from '@/server/domain/inventory';
import type { GroupLabels } from '@/server/local-cloud/balancer/rotation';
import type { ServedVariant } from '@/server/local-cloud/balancer/variants';
import { History } from '@/server/local-cloud/history/history';

const GROUP = ['server_group', 'cluster', 'application', 'region', 'version'] as const;

export interface InstanceFacts {
  readonly id: string;
  readonly health: InstanceHealth;
  readonly memoryBytes: number | null;
  readonly restarts: number;
}

export interface GroupFacts {
  readonly labels: GroupLabels;
  readonly instances: readonly InstanceFacts[];
}

type BalancedLabels = GroupLabels & { readonly load_balancer: string };

const STATUSES = [100, 200, 300, 400, 500];

function classOf(status: number) {
  return { status_class: `${Math.floor(status / 100)}xx`, outcome: status >= 500 ? 'error' : 'success' };
}

/** Long enough for a scraper to see the last numbers of a group that is gone. */
const KEPT_AFTER_END_MS = 10 * 60_000;

/** What the platform measures, in Prometheus's words. Times are seconds, sizes bytes. */
export class CloudMetrics {
  readonly registry = new Registry();
  /** The same requests, second by second. */
  readonly history = new History();
  readonly #facts: () => readonly GroupFacts[];
  readonly #used = new Map<string, { readonly labels: BalancedLabels; lastSeen: number }>();
  readonly #requests = new Counter({
    name: 'signalbox_lb_requests_total',
    help: 'Requests answered through a load balancer, by server group, status class and outcome (5xx is an error)',
    labelNames: [...GROUP, 'load_balancer', 'status_class', 'outcome'],
    registers: [this.registry],
  });
  readonly #duration = new Histogram({
    name: 'signalbox_lb_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: [...GROUP, 'load_balancer', 'status_class'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly #inFlight = new Gauge({
    name: 'signalbox_lb_requests_in_flight',
    help: 'Requests that have arrived and are not answered yet',
    labelNames: [...GROUP, 'load_balancer'],
    registers: [this.registry],
  });
  readonly #retries = new Counter({
    name: 'signalbox_lb_retries_total',
    help: 'Attempts that failed before an answer began and were given to another instance',
    labelNames: [...GROUP, 'load_balancer'],
    registers: [this.registry],
  });
  readonly #refused = new Counter({
    name: 'signalbox_lb_refused_total',
    help: 'Requests that reached no server group',
    labelNames: ['application', 'region', 'load_balancer', 'reason'],
    registers: [this.registry],
  });

  /** @param facts read at every scrape, so that gauges never show a group that is gone. */
  constructor(facts: () => readonly GroupFacts[]) {
    this.#facts = facts;
    collectDefaultMetrics({ register: this.registry, prefix: 'signalbox_cloud_' });
    this.registry.registerMetric(
      new Gauge({
        name: 'signalbox_instances',
        help: 'Instances of a server group by health',
        labelNames: [...GROUP, 'health'],
        registers: [],
        collect() {
          this.reset();
          for (const { labels, instances } of facts()) {
            for (const health of INSTANCE_HEALTH) {
              this.set({ ...labels, health }, instances.filter((one) => one.health === health).length);
            }
          }
        },
      }),
    );
    this.registry.registerMetric(
      new Gauge({
        name: 'signalbox_instance_memory_bytes',
        help: 'Resident memory of an instance',
        labelNames: [...GROUP, 'instance'],
        registers: [],
        collect() {
          this.reset();
          for (const { labels, instances } of facts()) {
            for (const { id, memoryBytes } of instances) {
              if (memoryBytes !== null) this.set({ ...labels, instance: id }, memoryBytes);
            }
          }
        },
      }),
    );
    this.registry.registerMetric(
      new Counter({
        name: 'signalbox_instance_restarts_total',
        help: 'Restarts of an instance by self-healing',
        labelNames: [...GROUP, 'instance'],
        registers: [],
        collect() {
          this.reset();
          for (const { labels, instances } of facts()) {
            for (const { id, restarts } of instances) this.inc({ ...labels, instance: id }, restarts);
          }
        },
      }),
    );
  }

  /** Measures instances every second. @returns what ends that. */
  follow(): () => void {
    return this.history.follow(this.#facts);
  }

  /** Prometheus text of everything. */
  text(now: number = performance.now()): Promise<string> {
    this.#forgetEnded(now);
    return this.registry.metrics();
  }

  /** Every deployment brings new labels; without this the text would grow for ever. */
  #forgetEnded(now: number): void {
    const alive = new Set(this.#facts().map(({ labels }) => `${labels.region}/${labels.server_group}`));
    for (const [key, used] of this.#used) {
      if (alive.has(`${used.labels.region}/${used.labels.server_group}`)) used.lastSeen = now;
      else if (now - used.lastSeen > KEPT_AFTER_END_MS) this.#forget(key, used.labels);
    }
  }

  #forget(key: string, labels: BalancedLabels): void {
    this.#used.delete(key);
    for (const metric of [this.#inFlight, this.#retries]) metric.remove(labels);
    for (const status of STATUSES) {
      const { status_class } = classOf(status);
      this.#requests.remove({ ...labels, ...classOf(status) });
      this.#duration.remove({ ...labels, status_class });
    }
  }

  requestBegan(labels: GroupLabels, loadBalancer: string): void {
    const all = { ...labels, load_balancer: loadBalancer };
    const key = `${labels.region}/${labels.server_group}/${loadBalancer}`;
    if (!this.#used.has(key)) this.#used.set(key, { labels: all, lastSeen: performance.now() });
    this.#inFlight.inc(all);
  }

  /**
   * @param status what the client got; null when the client went away before.
   * @param variants that the answer was made with, as the instance told.
   */
  requestEnded(
    labels: GroupLabels,
    loadBalancer: string,
    status: number | null,
    seconds: number,
    variants: readonly ServedVariant[] = [],
  ): void {
    const all = { ...labels, load_balancer: loadBalancer };
    this.#inFlight.dec(all);
    if (status === null) return;
    const { status_class } = classOf(status);
    this.#requests.inc({ ...all, ...classOf(status) });
    this.#duration.observe({ ...all, status_class }, seconds);
    this.history.requestEnded(labels, status, seconds, variants);
  }

  /** The attempt is over, the request is not. */
  requestRetried(labels: GroupLabels, loadBalancer: string): void {
    const all = { ...labels, load_balancer: loadBalancer };
    this.#inFlight.dec(all);
    this.#retries.inc(all);
  }

  requestRefused(
    loadBalancer: { readonly application: string; readonly region: string; readonly name: string },
    reason: 'no_healthy_instance' | 'firewall',
  ): void {
    const { application, region, name } = loadBalancer;
    this.#refused.inc({ application, region, load_balancer: name, reason });
  }
}
