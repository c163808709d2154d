import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { ArtifactLibrary } from '@/server/local-cloud/artifacts/library';
import { instanceEnvironment } from '@/server/local-cloud/instances/environment';
import { HEALTH_RULES, type HealthRules } from '@/server/local-cloud/instances/health';
import { Instance, type InstanceHost, processOfRecord } from '@/server/local-cloud/instances/instance';
import { endOrphans } from '@/server/local-cloud/instances/orphans';
import { Ports } from '@/server/local-cloud/instances/ports';
import type { InstanceProcess } from '@/server/local-cloud/instances/process';
import type { InstanceRecord, InstanceRecords } from '@/server/local-cloud/instances/records';
import { type GroupRecord, resourceKey, type Store } from '@/server/local-cloud/state';

export interface FleetOptions {
  /** Marks this platform's processes among all on the machine. */
  readonly owner: string;
  readonly store: Store;
  readonly library: ArtifactLibrary;
  readonly records: InstanceRecords;
  readonly log: Logger;
  /** Something about a group's instances changed: routes and watchers follow. */
  readonly changed: (groupKey: string) => void;
  readonly rules?: HealthRules;
}

/**
 * Makes what runs equal to what is asked for: the right number of instances of every group, the
 * terminated ones gone, destroyed groups forgotten once their last instance has ended.
 */
export class Fleet {
  readonly #instances = new Map<string, Instance>();
  readonly #ports = new Ports();
  readonly #options: FleetOptions;
  readonly #host: InstanceHost;
  #stopping = false;
  #lastRuns: Promise<unknown>[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#host = {
      rules: options.rules ?? HEALTH_RULES,
      ports: this.#ports,
      records: options.records,
      changed: (instance) => options.changed(instance.group),
    };
  }

  /** Instances of a group, oldest first. */
  of(groupKey: string): Instance[] {
    return [...this.#instances.values()].filter((instance) => instance.group === groupKey);
  }

  all(): Iterable<Instance> {
    return this.#instances.values();
  }

  /**
   * Takes over what an earlier run left, restarts what died meanwhile, and ends what nobody records.
   * Settles when every adopted instance has answered a health check, or after `patienceMs`.
   * @param others process groups of this platform that are no instances.
   */
  async recover(
    patienceMs: number,
    others: readonly number[],
  ): Promise<{ adopted: number; restarted: number; ended: number }> {
    const records = this.#options.records.readAll();
    const known = new Set([...others, ...records.map((record) => record.pid)]);
    const ended = endOrphans(this.#options.owner, known);
    const adopted: Instance[] = [];
    let restarted = 0;
    for (const record of records) {
      const process = processOfRecord(record);
      const group = this.#group(record.group);
      if (group === undefined) {
        process?.signal('SIGKILL');
        this.#options.records.remove(record.id);
        continue;
      }
      const instance = this.#revive(group, record, process);
      if (process) adopted.push(instance);
      else restarted++;
    }
    this.reconcile();
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
    await Promise.race([Promise.all(adopted.map((instance) => instance.settled)), patience]);
    return { adopted: adopted.length, restarted, ended: ended.length };
  }

  /** Compares and acts. Called after every change of either side; cheap when they agree. */
  reconcile(): void {
    if (this.#stopping) return;
    for (const group of this.#options.store.current.groups) this.#reconcileGroup(group);
  }

  /** Ends every instance, fast, and keeps what was asked for. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const instance of this.#instances.values()) instance.leaveAtOnce();
    await Promise.all(this.#lastRuns);
  }

  /** Lets go of the instances without ending them, for the next run to adopt. */
  release(): void {
    this.#stopping = true;
  }

  #reconcileGroup(group: GroupRecord): void {
    const key = resourceKey(group);
    const instances = this.of(key);
    for (const instance of instances) if (group.terminating.includes(instance.id)) instance.leave();
    const staying = instances.filter((instance) => !instance.leaving);
    const wanted = group.destroying ? 0 : group.capacity.desired;
    for (const instance of surplus(staying, wanted)) instance.leave();
    for (let count = staying.length; count < wanted; count++) this.#add(group);
    const gone = group.terminating.filter((id) => !this.#instances.has(id));
    if (gone.length > 0 || (group.destroying && instances.length === 0)) void this.#settleGroup(group, gone);
  }

  async #settleGroup(group: GroupRecord, gone: readonly string[]): Promise<void> {
    const key = resourceKey(group);
    try {
      await this.#options.store.commit((draft) => {
        const current = draft.groups.find((one) => resourceKey(one) === key);
        if (!current) return;
        current.terminating = current.terminating.filter((id) => !gone.includes(id));
        if (current.destroying && this.of(key).length === 0) {
          draft.groups = draft.groups.filter((one) => one !== current);
        }
      });
    } catch (error) {
      this.#options.log.error({ err: error, group: key }, 'could not record the end of instances');
    }
    this.#options.changed(key);
  }

  #add(group: GroupRecord): void {
    const instance = this.#make(group, `i-${randomBytes(5).toString('hex')}`);
    this.#run(instance, null);
  }

  #revive(group: GroupRecord, record: InstanceRecord, process: InstanceProcess | null): Instance {
    // A process that died while nobody watched was not restarted by us before now.
    const restarts = process ? record.restarts : record.restarts + 1;
    const instance = this.#make(group, record.id, { ...record, restarts });
    if (process) {
      instance.port = record.port;
      this.#ports.claim(record.port);
    }
    this.#run(instance, process);
    return instance;
  }

  #make(group: GroupRecord, id: string, record?: InstanceRecord): Instance {
    const { library, owner } = this.#options;
    return new Instance(
      {
        id,
        group: resourceKey(group),
        manifest: library.get(group.artifact).manifest,
        folder: () => library.folder(group.artifact.digest),
        environment: (port, scratch) => instanceEnvironment({ group, id, port, scratch, owner }),
      },
      this.#host,
      record,
    );
  }

  #run(instance: Instance, process: InstanceProcess | null): void {
    this.#instances.set(instance.id, instance);
    const run = instance.run(process).then(
      () => this.#forget(instance),
      (error: unknown) => {
        this.#options.log.error({ err: error, instance: instance.id }, 'instance lost');
        this.#forget(instance);
      },
    );
    this.#lastRuns.push(run);
    void run.finally(() => {
      this.#lastRuns = this.#lastRuns.filter((one) => one !== run);
    });
    this.#options.changed(instance.group);
  }

  #forget(instance: Instance): void {
    this.#instances.delete(instance.id);
    this.#options.changed(instance.group);
    this.reconcile();
  }

  #group(key: string): GroupRecord | undefined {
    return this.#options.store.current.groups.find((group) => resourceKey(group) === key);
  }
}

/** Which to end when there are too many: the unwell first, then the youngest. */
function surplus(instances: readonly Instance[], wanted: number): Instance[] {
  const byWorth = instances
    .map((instance, age) => ({ instance, age }))
    .toSorted(
      (a, b) =>
        Number(b.instance.health === 'healthy') - Number(a.instance.health === 'healthy') || a.age - b.age,
    );
  return byWorth.slice(wanted).map((one) => one.instance);
}
