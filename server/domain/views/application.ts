import type { Firewall, LoadBalancer, ServerGroup } from '@/server/domain/inventory';
import type { UnseenCause } from '@/server/domain/unseen';
import type { PinView } from '@/server/domain/views/board';

export interface ApplicationSummary {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly environments: number;
  readonly pipelines: number;
  readonly instances: number;
  readonly healthyInstances: number;
  readonly lastExecutionAt: string | null;
  /** Known only from a platform: nobody has set it up here. */
  readonly seenOnly: boolean;
}

export interface ApplicationView {
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly environments: readonly EnvironmentView[];
  /** Known only from a platform: nobody has set it up here. */
  readonly seenOnly: boolean;
}

export interface EnvironmentView {
  readonly name: string;
  readonly account: string;
  readonly provider: string;
  readonly regions: readonly string[];
  readonly cluster: string;
  readonly artifact: string;
  readonly pipeline: string;
  readonly guarded: boolean;
  /** Its platform has no instances: the capacity means nothing there. */
  readonly serverless: boolean;
  readonly capacity: { readonly min: number; readonly desired: number; readonly max: number };
  readonly configKeys: readonly string[];
}

/** Also the answer of GET /api/v1/applications/{app}/clusters. */
export interface ClustersView {
  readonly application: string;
  readonly clusters: readonly ClusterView[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly firewalls: readonly Firewall[];
  readonly accounts: readonly AccountFreshness[];
}

/** A kind of platform and its name. */
export interface PlatformView {
  readonly kind: string;
  readonly label: string;
}

export interface ClusterView {
  readonly name: string;
  readonly account: string;
  readonly platform: PlatformView;
  readonly environment: string | null;
  readonly pin: PinView | null;
  /** What changes it now; null when nothing does. */
  readonly change: ClusterChange | null;
  readonly regions: readonly {
    readonly region: string;
    readonly loadBalancers: readonly LoadBalancer[];
    /** Newest first. */
    readonly serverGroups: readonly ServerGroupView[];
  }[];
}

/** An execution that has a cluster to itself. */
export interface ClusterChange {
  readonly executionId: string;
  readonly pipeline: string;
  readonly kind: 'deploy' | 'rollback' | 'other';
  readonly version: string | null;
  readonly by: string;
  /** A person has paused it. */
  readonly held: boolean;
}

export interface ServerGroupView extends ServerGroup {
  readonly seenAt: string;
  /** Set when nobody may deploy its artifact. */
  readonly vetoed: { readonly reason: string; readonly by: string; readonly at: string } | null;
}

export interface InstanceLog {
  readonly account: string;
  readonly region: string;
  readonly serverGroup: string;
  readonly instance: string;
  /** The last lines, oldest first. */
  readonly text: string;
  readonly readAt: string;
}

/** A look at a cluster that somebody asked for, and that is over. */
export interface ClusterRefreshed {
  readonly application: string;
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly lookedAt: string;
}

/** Two accounts through which the same is seen in a region. */
export interface AccountOverlap {
  readonly accounts: readonly [string, string];
  readonly region: string;
}

export interface AccountFreshness {
  readonly account: string;
  readonly provider: string;
  readonly seenAt: string | null;
  /** Why it cannot be seen now; null when it can. */
  readonly error: string | null;
  /** Null when it can be seen, and where `error` is in the platform's own words. */
  readonly cause: UnseenCause | null;
  /** It tells of no changes by itself: what is shown may be as old as the last look, and may be asked for. */
  readonly swept?: true;
}
