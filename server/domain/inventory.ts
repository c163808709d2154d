import { z } from 'zod';

/**
 * What exists on a platform, in the words every provider shares. Providers translate into these
 * shapes at their edge; the inventory tables, the API and the screens carry them unchanged.
 */

export const INSTANCE_HEALTH = ['starting', 'healthy', 'unhealthy', 'draining', 'down', 'unknown'] as const;
export const instanceHealthSchema = z.enum(INSTANCE_HEALTH);
export type InstanceHealth = z.infer<typeof instanceHealthSchema>;

export const instanceSchema = z.object({
  id: z.string(),
  health: instanceHealthSchema,
  /** Why it is not healthy, in the platform's words; null when healthy. */
  reason: z.string().nullable(),
  startedAt: z.iso.datetime(),
  address: z.string().nullable(),
  /** Restarts by the platform's self-healing since the instance was first asked for. */
  restarts: z.number().int().nonnegative(),
  memoryBytes: z.number().nonnegative().nullable(),
  /**
   * Why waiting will not make it healthy, where the platform says so: its image cannot be had, it crashes over
   * and over, nothing has room for it. Absent when waiting may help.
   */
  blocked: z.string().optional(),
  /** It is well, and its load balancers send it nothing although its group is enabled. */
  outOfTraffic: z.literal(true).optional(),
});
export type Instance = z.infer<typeof instanceSchema>;

export const artifactRefSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** `sha256:<hex>`; the identity of the artifact, name and version are its label. */
  digest: z.string(),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

export const capacitySchema = z
  .object({ min: z.number().int().min(0), desired: z.number().int().min(0), max: z.number().int().min(0) })
  .refine((c) => c.min <= c.desired && c.desired <= c.max, 'capacity must satisfy min ≤ desired ≤ max');
export type Capacity = z.infer<typeof capacitySchema>;

/** Immutable apart from capacity, traffic and health: one artifact, one configuration, one region. */
export const serverGroupSchema = z.object({
  account: z.string(),
  region: z.string(),
  application: z.string(),
  /** `app[-stack[-detail]]` */
  cluster: z.string(),
  /** `cluster-vNNN` */
  name: z.string(),
  sequence: z.number().int().nullable(),
  artifact: artifactRefSchema,
  capacity: capacitySchema,
  instances: z.array(instanceSchema),
  /** Whether load balancers may send it traffic. A disabled group keeps its instances running. */
  enabled: z.boolean(),
  /** Share of its load balancers' requests, 0..1, as the platform routes them now. */
  traffic: z.number().min(0).max(1),
  loadBalancers: z.array(z.string()),
  createdAt: z.iso.datetime(),
  /** Names of configuration values bound at creation. Values never leave the platform. */
  configKeys: z.array(z.string()),
  /**
   * Of a group without instances, which the platform runs when requests come: whether it can, and why not; and what
   * the platform itself calls this group.
   */
  serverless: z
    .object({
      state: z.enum(['pending', 'active', 'idle', 'failed']),
      reason: z.string().nullable(),
      revision: z.string(),
    })
    .optional(),
  /** By which names metrics sources know it besides its own: values for `${…}` in queries of canaries. */
  measuredBy: z.record(z.string(), z.string()).optional(),
  /** The controller that it belongs to, when that is not Signalbox: it is shown and never changed. */
  managedBy: z.object({ kind: z.string(), name: z.string() }).optional(),
  /**
   * Why requests do not reach it although it is enabled, in the platform's words: what leads to it is not there, or was
   * not accepted. Absent when they do, or nobody says.
   */
  unreached: z.string().optional(),
  /** Whether what leads to it was changed and the platform has not said yet that it takes the change. */
  unanswered: z.literal(true).optional(),
});
export type ServerGroup = z.infer<typeof serverGroupSchema>;

export const loadBalancerSchema = z.object({
  account: z.string(),
  region: z.string(),
  name: z.string(),
  application: z.string(),
  url: z.string().nullable(),
  /** Server groups behind it with their weight, 0..1, summing to 1 when any takes traffic. */
  targets: z.array(z.object({ serverGroup: z.string(), weight: z.number().min(0).max(1) })),
  /** How the shares come about: by weights that the platform keeps, or by how many instances there are. */
  sharedBy: z.enum(['weights', 'instances']).optional(),
  /** What it is in the platform's words, where it has several kinds. */
  kind: z.string().optional(),
  /** Why no requests come by it, in the platform's words. Absent when they do, or nobody says. */
  problem: z.string().optional(),
});
export type LoadBalancer = z.infer<typeof loadBalancerSchema>;

export const firewallRuleSchema = z.object({
  protocol: z.enum(['tcp', 'udp']),
  fromPort: z.number().int(),
  toPort: z.number().int(),
  source: z.string(),
});

export const firewallSchema = z.object({
  account: z.string(),
  region: z.string(),
  name: z.string(),
  application: z.string(),
  rules: z.array(firewallRuleSchema),
});
export type Firewall = z.infer<typeof firewallSchema>;

export const inventorySchema = z.object({
  serverGroups: z.array(serverGroupSchema),
  loadBalancers: z.array(loadBalancerSchema),
  firewalls: z.array(firewallSchema),
});
export type Inventory = z.infer<typeof inventorySchema>;

/** Which cluster, where. The unit that strategies plan over and guards protect. */
export interface ClusterRef {
  readonly account: string;
  readonly region: string;
  readonly application: string;
  readonly cluster: string;
}
