import { z } from 'zod';
import {
  artifactRefSchema,
  firewallSchema,
  loadBalancerSchema,
  serverGroupSchema,
} from '@/server/domain/inventory';

/** What the local cloud answers. It does not know by which account it is called. */

export const inventoryAnswer = z.object({
  serverGroups: z.array(serverGroupSchema.omit({ account: true })),
  loadBalancers: z.array(loadBalancerSchema.omit({ account: true })),
  firewalls: z.array(firewallSchema.omit({ account: true })),
});
export type InventoryAnswer = z.infer<typeof inventoryAnswer>;

export const createdAnswer = z.object({ name: z.string() });
export const doneAnswer = z.object({});
export const loadBalancerAnswer = z.object({ loadBalancer: loadBalancerSchema.omit({ account: true }) });
export const firewallAnswer = z.object({ firewall: firewallSchema.omit({ account: true }) });
export const logAnswer = z.object({ stdout: z.array(z.string()), stderr: z.array(z.string()) });
export const artifactAnswer = z.object({ artifact: artifactRefSchema });
export const artifactsAnswer = z.object({ artifacts: z.array(artifactRefSchema) });

const jobStateSchema = z.object({
  status: z.enum(['running', 'succeeded', 'failed', 'canceled']),
  exitCode: z.number().int().nullable(),
  reason: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  log: z.string(),
  outputs: z.record(z.string(), z.unknown()),
});
export const jobAnswer = z.object({ job: jobStateSchema });
export const bakeAnswer = z.object({
  job: jobStateSchema.extend({ artifact: artifactRefSchema.nullable() }),
});

export const errorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export const changeLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('heartbeat') }),
  z.object({
    type: z.literal('change'),
    region: z.string().nullable(),
    application: z.string().nullable(),
    cluster: z.string().nullable(),
  }),
]);
export type ChangeLine = z.infer<typeof changeLine>;
