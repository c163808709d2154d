import type { z } from 'zod';
import type { AnalysisOptions } from '@/server/domain/analysis';
import type { Capabilities } from '@/server/domain/capabilities';
import type { ArtifactRef, Capacity, ServerGroup } from '@/server/domain/inventory';

/**
 * A strategy says how a new server group replaces the old, for one cluster in one region. It is a
 * pure function: same input, same plan. It must hold over every prefix of its plan that, once the
 * cluster takes traffic, capacity is never removed before its replacement is healthy and enabled.
 */
export interface Strategy<Options = unknown> {
  readonly kind: string;
  readonly label: string;
  readonly optionsSchema: z.ZodType<Options>;
  /** Capabilities without which it is refused at planning. */
  readonly needs: readonly (keyof Capabilities)[];
  /** True when nothing serves for a while: guarded clusters refuse it. */
  readonly interruptsTraffic: boolean;
  /** It compares the new group with a fresh one of the old version; when it ends badly, both go away. */
  readonly comparesWithBaseline?: boolean;
  plan(observed: readonly ServerGroup[], wanted: Wanted, options: Options): Step[];
}

export interface Wanted {
  /** Name the new server group will have. */
  readonly serverGroup: string;
  /** Name for a group that runs the old version beside it for a while. */
  readonly baseline: string;
  readonly artifact: ArtifactRef;
  readonly capacity: Capacity;
  /** Digests of what runs there and may not be gone back to. */
  readonly vetoed: readonly string[];
}

/** One visible child stage. `serverGroup` names a group that exists or that an earlier step creates. */
export type Step =
  | {
      readonly type: 'createServerGroup';
      readonly serverGroup: string;
      readonly enabled: boolean;
      /** What is wanted when absent; less when the group grows step by step. */
      readonly capacity?: Capacity;
      /** What is wanted when absent. */
      readonly artifact?: ArtifactRef;
    }
  /** Waits until all its instances are healthy, then lets traffic in. */
  | { readonly type: 'enableServerGroup'; readonly serverGroup: string }
  | { readonly type: 'disableServerGroup'; readonly serverGroup: string }
  | { readonly type: 'resizeServerGroup'; readonly serverGroup: string; readonly capacity: Capacity }
  | { readonly type: 'destroyServerGroup'; readonly serverGroup: string }
  /**
   * Shares of the cluster's load balancer, by server group, relative to each other; every group named is
   * enabled or is enabled by a later step. Needs `weightedTraffic`.
   */
  | { readonly type: 'setWeights'; readonly weights: Readonly<Record<string, number>> }
  | { readonly type: 'wait'; readonly seconds: number }
  /** Metrics of the two groups say whether to go on. */
  | {
      readonly type: 'canaryAnalysis';
      readonly baseline: string;
      readonly canary: string;
      readonly versions: { readonly baseline: string; readonly canary: string };
      readonly options: AnalysisOptions;
    }
  /** A person says whether to go on. */
  | { readonly type: 'manualJudgment'; readonly instructions: string }
  /** Another pipeline says whether to go on; it gets the server groups and the percentage as parameters. */
  | {
      readonly type: 'validate';
      readonly pipeline: string;
      readonly serverGroup: string;
      readonly sourceServerGroup: string | null;
      readonly percent: number;
    };
