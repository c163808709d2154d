import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { artifactRefSchema, capacitySchema, firewallRuleSchema } from '@/server/domain/inventory';
import { writeFileAtomically } from '@/server/local-cloud/atomic-file';
import { StartupError, systemErrorCode } from '@/server/local-cloud/errors';
import { Serial } from '@/server/local-cloud/serial';

/** What an artifact says about running itself, in `signalbox.json` at its root. */
export const artifactManifestSchema = z.object({
  command: z.array(z.string().min(1)).min(1),
  healthPath: z.string().startsWith('/'),
  /** How long requests in flight may take to finish before an instance is stopped. */
  drainSeconds: z.number().min(0).max(600).default(10),
});
export type ArtifactManifest = z.infer<typeof artifactManifestSchema>;

const artifactRecordSchema = artifactRefSchema.extend({
  sizeBytes: z.number(),
  publishedAt: z.string(),
  manifest: artifactManifestSchema,
});
export type ArtifactRecord = z.infer<typeof artifactRecordSchema>;

const groupRecordSchema = z.object({
  region: z.string(),
  application: z.string(),
  cluster: z.string(),
  name: z.string(),
  artifact: artifactRefSchema,
  capacity: capacitySchema,
  config: z.record(z.string(), z.string()),
  loadBalancers: z.array(z.string()),
  enabled: z.boolean(),
  createdAt: z.string(),
  /** Instances asked to go and not gone yet, so that a crash in between does not forget them. */
  terminating: z.array(z.string()),
  destroying: z.boolean(),
});
export type GroupRecord = z.infer<typeof groupRecordSchema>;

const loadBalancerRecordSchema = z.object({
  region: z.string(),
  name: z.string(),
  application: z.string(),
  port: z.number().int(),
  /** Explicit relative weights by server group; see `domain/shares.ts` for their meaning. */
  weights: z.record(z.string(), z.number()),
});
export type LoadBalancerRecord = z.infer<typeof loadBalancerRecordSchema>;

const firewallRecordSchema = z.object({
  region: z.string(),
  name: z.string(),
  application: z.string(),
  rules: z.array(firewallRuleSchema),
});
export type FirewallRecord = z.infer<typeof firewallRecordSchema>;

const jobRecordSchema = z.object({
  id: z.string(),
  region: z.string(),
  name: z.string(),
  application: z.string(),
  /** What it runs in. */
  artifact: artifactRefSchema,
  /** What a bake makes of it; null for a plain job. */
  into: artifactRefSchema.omit({ digest: true }).nullable(),
  command: z.array(z.string()).min(1),
  /** Emptied at the end: it may hold secrets, and nobody needs them any more. */
  config: z.record(z.string(), z.string()),
  timeoutSeconds: z.number(),
  startedAt: z.string(),
  /** Why it is to end early, from the moment that is decided. */
  stopping: z.enum(['cancel', 'timeout', 'shutdown']).nullable(),
  ended: z
    .object({
      status: z.enum(['succeeded', 'failed', 'canceled']),
      /** Null when nobody saw it. */
      exitCode: z.number().int().nullable(),
      reason: z.string().nullable(),
      at: z.string(),
      artifact: artifactRefSchema.nullable(),
    })
    .nullable(),
});
export type JobRecord = z.infer<typeof jobRecordSchema>;
export type JobEnd = NonNullable<JobRecord['ended']>;
export type StopCause = NonNullable<JobRecord['stopping']>;

const operationRecordSchema = z.object({
  fence: z.number().int(),
  /** Absent while no attempt has succeeded. */
  result: z.unknown().optional(),
});

const cloudStateSchema = z.object({
  format: z.literal(1),
  artifacts: z.array(artifactRecordSchema),
  groups: z.array(groupRecordSchema),
  loadBalancers: z.array(loadBalancerRecordSchema),
  firewalls: z.array(firewallRecordSchema),
  /** Absent in files of platforms that knew no jobs. */
  jobs: z.array(jobRecordSchema).default([]),
  /** Jobs that were canceled before anyone started them. */
  withdrawnJobs: z.array(z.string()).default([]),
  operations: z.record(z.string(), operationRecordSchema),
});
/** What was asked for. What runs is in the instance records, so that a restart can compare the two. */
export type CloudState = z.infer<typeof cloudStateSchema>;

const EMPTY: CloudState = {
  format: 1,
  artifacts: [],
  groups: [],
  loadBalancers: [],
  firewalls: [],
  jobs: [],
  withdrawnJobs: [],
  operations: {},
};

/** The asked-for state: in memory for reading, on disk before any change is believed. */
export class Store {
  #current: CloudState;
  readonly #serial = new Serial();
  readonly #path: string;

  private constructor(path: string, initial: CloudState) {
    this.#path = path;
    this.#current = initial;
  }

  /** @throws StartupError when the file is there and cannot be understood. */
  static async open(dir: string): Promise<Store> {
    const path = join(dir, 'state.json');
    try {
      return new Store(path, cloudStateSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return new Store(path, EMPTY);
      throw new StartupError(`${path} cannot be read as the platform’s state: restore it or move it away`);
    }
  }

  get current(): Readonly<CloudState> {
    return this.#current;
  }

  /** One change at a time; a change that throws, or cannot be written, leaves everything as it was. */
  commit<T>(change: (draft: CloudState) => T): Promise<T> {
    return this.#serial.run(async () => {
      const draft = structuredClone(this.#current);
      const result = change(draft);
      await writeFileAtomically(this.#path, JSON.stringify(draft));
      this.#current = draft;
      return result;
    });
  }
}

/** Identity of a region's resource within the platform. */
export function resourceKey(resource: { readonly region: string; readonly name: string }): string {
  return `${resource.region}/${resource.name}`;
}
