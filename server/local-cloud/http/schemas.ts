import { z } from 'zod';
import { artifactRefSchema, capacitySchema, firewallRuleSchema } from '@/server/domain/inventory';

/** Names become parts of paths, labels and file names. */
export const nameSchema = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._~^-]{0,127}$/, 'may have letters, digits, dots and hyphens');

export const groupBodySchema = z.strictObject({
  application: nameSchema,
  cluster: nameSchema,
  artifact: artifactRefSchema,
  capacity: capacitySchema,
  config: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a variable name'), z.string()),
  loadBalancers: z.array(nameSchema),
  enabled: z.boolean(),
});

export const loadBalancerBodySchema = z.strictObject({ application: nameSchema });

export const weightsBodySchema = z.strictObject({
  weights: z.record(z.string(), z.number().nonnegative()),
});

const portSchema = z.number().int().min(0).max(65_535);

export const firewallBodySchema = z.strictObject({
  application: nameSchema,
  rules: z.array(firewallRuleSchema.extend({ fromPort: portSchema, toPort: portSchema })),
});
