import { z } from 'zod';
import { artifactRefSchema, capacitySchema, firewallRuleSchema } from '@/server/domain/inventory';

/** Names become parts of paths, labels and file names. */
export const nameSchema = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._~^-]{0,127}$/, 'may have letters, digits, dots and hyphens');

const configSchema = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a variable name'),
  z.string(),
);

export const groupBodySchema = z.strictObject({
  application: nameSchema,
  cluster: nameSchema,
  artifact: artifactRefSchema,
  capacity: capacitySchema,
  config: configSchema,
  loadBalancers: z.array(nameSchema),
  enabled: z.boolean(),
});

const A_WEEK_SECONDS = 604_800;
const jobShape = {
  application: nameSchema,
  command: z.array(z.string()).max(200),
  config: configSchema,
  timeoutSeconds: z.number().int().min(1).max(A_WEEK_SECONDS),
};
export const jobBodySchema = z.strictObject({ ...jobShape, artifact: artifactRefSchema });
export const bakeBodySchema = z.strictObject({
  ...jobShape,
  command: jobShape.command.min(1, 'says what makes the new artifact'),
  from: artifactRefSchema,
  into: z.strictObject({ name: nameSchema, version: nameSchema }),
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
