import type { z } from 'zod';
import type { AccountCheck } from '@/server/domain/account-check';
import type { Capabilities } from '@/server/domain/capabilities';
import type {
  ArtifactRef,
  Capacity,
  ClusterRef,
  Firewall,
  Inventory,
  LoadBalancer,
  ServerGroup,
} from '@/server/domain/inventory';

/**
 * The contract every platform fulfils. `contract.suite.ts` beside this file is its executable form.
 *
 * Reads answer from the platform itself, never from a cache, because decisions are taken on them.
 * Writes are idempotent by operation id: asked again with the same id, a write returns what the
 * first one returned and changes nothing. A write whose fence is lower than one already seen for
 * the same operation comes from a worker that lost its lease: it throws `ProviderError` `fenced`.
 * Writes return when the platform has accepted them, not when their effect is complete; one that has to see some of
 * its effect before it goes on throws `pending` after a while, and goes on when it is asked again.
 */
export interface Provider {
  /** Everything in the account that follows the naming convention. */
  describe(signal?: AbortSignal): Promise<Inventory>;
  /**
   * Our server groups of one cluster, oldest first: plans are made of them. Those that another controller keeps are
   * no part of it. Empty when there are none.
   */
  describeCluster(ref: ClusterRef, signal?: AbortSignal): Promise<ServerGroup[]>;
  /**
   * Numbers in the cluster that names of groups of others have taken. Present where such groups can bear the name
   * of one of ours.
   */
  readonly takenSequences?: (ref: ClusterRef, signal?: AbortSignal) => Promise<number[]>;
  /**
   * Pushes one notice per change until the signal aborts, and throws when the platform is lost.
   * The first notice comes as soon as the watch stands, so that a caller can read after it and miss nothing.
   */
  watch(signal: AbortSignal): AsyncIterable<InventoryNotice>;
  /**
   * What the watch that stands holds, for screens and never for decisions; null while none stands. Present where
   * reading everything again at each notice would be too much. What did not change is the same object as before.
   */
  readonly observed?: () => Inventory | null;
  /**
   * When the platform was last asked and answered, so that `observed` is of that moment. Absent where the platform
   * pushes every change: what is observed then is of now.
   */
  readonly seenAt?: () => Date | null;
  /**
   * Looks at one cluster now, so that `observed` has it as it is, and has the watch tell of what changed. Present
   * where the platform pushes nothing and its account is swept over (`swept`).
   * @throws ProviderError `unavailable` while no watch stands.
   */
  readonly refresh?: (ref: ClusterRef, signal: AbortSignal) => Promise<void>;
  /**
   * The last lines that an instance wrote, oldest first, at most 64 KiB; of the run before when it has just
   * crashed. Present where the platform keeps them.
   */
  readonly readLog?: (
    group: GroupRef,
    instanceId: string,
    lines: number,
    signal?: AbortSignal,
  ) => Promise<string>;
  /** Whether we are let in and may do what the account is for. Reads only; throws only when it cannot be told. */
  readonly check?: (signal?: AbortSignal) => Promise<AccountCheck>;
  /** Tells what is behind the account from all else of its kind: two accounts may lead to one place. */
  readonly identity?: (signal?: AbortSignal) => Promise<string>;
  /** What `createServerGroup` would write, as the platform would take it; writes nothing. */
  readonly previewServerGroup?: (spec: ServerGroupSpec, signal?: AbortSignal) => Promise<ObjectChange[]>;

  createServerGroup(op: Operation, spec: ServerGroupSpec): Promise<{ name: string }>;
  resizeServerGroup(op: Operation, group: GroupRef, capacity: Capacity): Promise<void>;
  /** Lets load balancers send it traffic; only its healthy instances get any. */
  enableServerGroup(op: Operation, group: GroupRef): Promise<void>;
  /** No new requests reach it after this returns; those in flight finish (draining). */
  disableServerGroup(op: Operation, group: GroupRef): Promise<void>;
  /** Drains, then removes. Missing is success. */
  destroyServerGroup(op: Operation, group: GroupRef): Promise<void>;
  /** Relative weights of enabled groups behind a load balancer. `invalid` without `weightedTraffic`. */
  setWeights(
    op: Operation,
    target: LoadBalancerRef,
    weights: Readonly<Record<string, number>>,
  ): Promise<void>;
  terminateInstance(op: Operation, group: GroupRef, instanceId: string): Promise<void>;
  upsertLoadBalancer(op: Operation, spec: LoadBalancerSpec): Promise<LoadBalancer>;
  /** `invalid` without `firewalls`. */
  upsertFirewall(op: Operation, spec: Firewall): Promise<Firewall>;
  /** Artifacts that are on the platform and may be deployed there, newest first. Present where it keeps such. */
  readonly findArtifacts?: (query: ArtifactQuery, signal?: AbortSignal) => Promise<ArtifactRef[]>;
  /** The platform's own registry of artifacts, where it has one. */
  readonly artifacts?: ArtifactRegistry;
  /** Present when the platform has the capability `jobs`. */
  readonly jobs?: JobRunner;
  /** Present when the platform has the capability `bake`. */
  readonly bakery?: Bakery;
}

/** Work that runs to an end, beside the server groups that serve. */
export interface JobRunner {
  /** Starts it; the same operation again is the same job. */
  start(op: Operation, spec: JobSpec): Promise<void>;
  /** Null when there is no such job. */
  describe(ref: JobRef, signal?: AbortSignal): Promise<JobState | null>;
  /**
   * Ends it, if it still runs. Missing is success; a start that comes after it is refused with `conflict`, for
   * it comes from a worker that nobody waits for.
   */
  cancel(op: Operation, ref: JobRef): Promise<void>;
}

export interface JobRef {
  readonly region: string;
  readonly name: string;
}

export interface JobSpec extends JobRef {
  readonly application: string;
  readonly artifact: ArtifactRef;
  /** What to run within the artifact; its own start command when empty. */
  readonly command: readonly string[];
  /** Given to the process as environment variables. */
  readonly config: Readonly<Record<string, string>>;
  /** The platform ends it after so long. */
  readonly timeoutSeconds: number;
}

export interface JobState {
  readonly status: 'running' | 'succeeded' | 'failed' | 'canceled';
  readonly exitCode: number | null;
  /** Why it failed, in the platform's words. */
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** The last lines it wrote, at most 16 KiB. */
  readonly log: string;
  /** What it left for the stages after it: the JSON object in its last line of output, if there is one. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Makes an immutable artifact from another one. */
export interface Bakery {
  start(op: Operation, spec: BakeSpec): Promise<void>;
  /** Null when there is no such bake. */
  describe(ref: JobRef, signal?: AbortSignal): Promise<BakeState | null>;
  cancel(op: Operation, ref: JobRef): Promise<void>;
}

export interface BakeSpec extends JobRef {
  readonly application: string;
  readonly from: ArtifactRef;
  readonly into: { readonly name: string; readonly version: string };
  /** Run within a copy of `from`; what is there afterwards is the new artifact. */
  readonly command: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface BakeState extends JobState {
  /** The result, once it succeeded. */
  readonly artifact: ArtifactRef | null;
}

export interface ArtifactQuery {
  readonly region: string;
  readonly name: string;
  /** What the platform has noted on it; each must be the same. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Immutable artifacts by name and version; their identity is the digest of their bytes. */
export interface ArtifactRegistry {
  /**
   * Stores the bytes. The same bytes again are a success.
   * @throws ProviderError `conflict` when name and version stand for other bytes, `invalid` when the
   * platform cannot run what they hold.
   */
  publish(name: string, version: string, tgz: Uint8Array): Promise<ArtifactRef>;
  /** Every artifact, oldest first. */
  list(signal?: AbortSignal): Promise<ArtifactRef[]>;
}

export interface Operation {
  /** Stable over retries of the same intended change, unique among different ones. */
  readonly id: string;
  /** Rises with every lease of the work that performs the change. */
  readonly fence: number;
}

export interface GroupRef {
  readonly region: string;
  readonly name: string;
}

export interface LoadBalancerRef {
  readonly region: string;
  readonly name: string;
}

export interface ServerGroupSpec {
  readonly region: string;
  readonly application: string;
  readonly cluster: string;
  /** Chosen at planning time so that a retry names the same group. */
  readonly name: string;
  readonly artifact: ArtifactRef;
  readonly capacity: Capacity;
  /** Bound at creation, given to instances as environment variables. */
  readonly config: Readonly<Record<string, string>>;
  readonly loadBalancers: readonly string[];
  /** False: instances start and become healthy, but get no traffic until enabled. */
  readonly enabled: boolean;
}

/** One object of the platform before and after a change. */
export interface ObjectChange {
  readonly kind: string;
  readonly name: string;
  /** YAML; null when it is not there yet. */
  readonly before: string | null;
  /** YAML; null when it will be gone. */
  readonly after: string | null;
}

export interface LoadBalancerSpec {
  readonly region: string;
  readonly name: string;
  readonly application: string;
}

/** What changed; `null` cluster means "look at everything". For a job or a bake, `cluster` is its name. */
export interface InventoryNotice {
  readonly region: string | null;
  readonly application: string | null;
  readonly cluster: string | null;
}

/** What the rest of the product may know about a platform without loading its SDK. */
export interface ProviderManifest<Config = unknown> {
  readonly kind: string;
  readonly label: string;
  readonly configSchema: z.ZodType<Config>;
  readonly capabilities: Capabilities;
  /** Whether what is shown may be as old as its last sweep, so that people may ask for a look. */
  readonly swept?: boolean;
  /** The regions that the settings name; absent where they name none. */
  regionsOf?(config: Config): readonly string[];
  /** Why server groups of a cluster of this name cannot be there; null when they can. Any name will do where absent. */
  readonly clusterNameObjection?: (application: string, cluster: string) => string | null;
  /** Imported lazily so that listing platforms costs no SDK. */
  load(account: string, config: Config): Promise<Provider>;
}

export type ProviderErrorCode =
  /** The request can never work as it stands. */
  | 'invalid'
  | 'not_found'
  /** The name exists with another content, or the state forbids the change. */
  | 'conflict'
  /** A newer lease has acted on this operation. */
  | 'fenced'
  | 'unauthorized'
  | 'rate_limited'
  /** The platform has taken it up and its effect is not there yet; asked again, it goes on. */
  | 'pending'
  /** The platform could not be reached or answered nonsense; worth trying again. */
  | 'unavailable';

export class ProviderError extends Error {
  constructor(
    readonly code: ProviderErrorCode,
    message: string,
    /** Seconds the platform asked us to wait, where it said so. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'ProviderError';
  }

  /** The platform did not do its part: who keeps asking makes it worse. */
  get outage(): boolean {
    return this.code === 'unavailable' || this.code === 'rate_limited';
  }

  get retryable(): boolean {
    return this.outage || this.code === 'pending';
  }
}
