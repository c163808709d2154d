import { z } from 'zod';
import { awsConfigSchema } from '@/server/providers/aws/config';

const { roleArn, externalId, endpoint, regions } = awsConfigSchema.shape;
const regionSchema = regions.element.shape.region;

const RUNS_AS = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** Lambda's own limits. */
const TIMEOUT_LIMIT_SECONDS = 900;
const MEMORY_MB = { least: 128, most: 10_240 } as const;

/** With `{name}` and `{version}` of the artifact, and `{region}`, because code lies where it runs. */
const templateSchema = z
  .string()
  .min(1)
  .regex(/^[^{}]*(\{(name|version|region)\}[^{}]*)*$/, 'knows only {name}, {version} and {region}');

/**
 * An account of AWS as far as functions go. As with `aws`, no key stands here: the SDK finds one where Signalbox runs,
 * and with it the role is assumed.
 */
export const lambdaConfigSchema = z
  .strictObject({
    regions: z
      .array(regionSchema)
      .min(1, 'name at least one region')
      .refine((names) => new Set(names).size === names.length, 'has a region twice'),
    roleArn,
    externalId,
    endpoint,
    /** Where the zip of an artifact lies. */
    package: z
      .strictObject({
        bucket: templateSchema,
        key: templateSchema.default('{name}/{version}.zip'),
      })
      .optional(),
    /** Where the container image of an artifact lies, such as `…dkr.ecr.{region}.amazonaws.com/{name}:{version}`. */
    imageUri: templateSchema.optional(),
    /** The alias that is the load balancer of each function. */
    alias: z
      .string()
      .regex(/^(?!\d+$)[\w-]{1,128}$/, 'is not the name of an alias')
      .default('live'),
    /** What functions that Signalbox makes run as. Those that are there already keep their own settings. */
    executionRole: z.string().regex(RUNS_AS, 'is not the ARN of a role').optional(),
    runtime: z.string().min(1).default('nodejs22.x'),
    handler: z.string().min(1).default('index.handler'),
    architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
    memoryMb: z.number().int().min(MEMORY_MB.least).max(MEMORY_MB.most).default(256),
    timeoutSeconds: z.number().int().min(1).max(TIMEOUT_LIMIT_SECONDS).default(30),
    /** Everything in the account is looked at again so often; AWS tells nobody by itself. */
    sweepSeconds: z.number().int().min(1).max(3_600).default(60),
  })
  .refine((config) => !config.externalId || config.roleArn, {
    message: 'an external id needs a role',
    path: ['roleArn'],
  })
  .refine((config) => (config.package === undefined) !== (config.imageUri === undefined), {
    message: 'say where the code lies: either in packages or in images',
    path: ['package'],
  });
export type LambdaConfig = z.infer<typeof lambdaConfigSchema>;
