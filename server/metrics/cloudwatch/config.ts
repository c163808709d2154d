import { z } from 'zod';
import { httpBase } from '@/server/domain/http-address';

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/**
 * Which region of AWS, and who asks: a key that is given here, or what the SDK finds where Signalbox runs
 * (environment, profile, container, instance), and the role that is assumed with it.
 */
export const cloudWatchConfigSchema = z
  .strictObject({
    region: z.string().regex(REGION, 'is not the name of a region, such as eu-west-1'),
    /** In place of the region's own: a VPC endpoint, or something that speaks its API. */
    endpoint: httpBase.optional(),
    accessKeyId: z
      .string()
      .regex(/^\w{16,128}$/, 'is not the id of an access key')
      .optional(),
    secretAccessKeySecret: z.string().min(1).optional(),
    /** Of temporary keys. */
    sessionTokenSecret: z.string().min(1).optional(),
    roleArn: z.string().regex(ROLE, 'is not the ARN of a role').optional(),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external id')
      .optional(),
    /** Where roles are assumed, in place of the region's own. */
    stsEndpoint: httpBase.optional(),
    /** How long one answer may take. */
    timeoutSeconds: z.number().min(1).max(120).default(30),
  })
  .refine((config) => !config.accessKeyId === !config.secretAccessKeySecret, {
    message: 'the id of an access key needs its secret, and the secret its id',
    path: ['secretAccessKeySecret'],
  })
  .refine((config) => !config.sessionTokenSecret || config.accessKeyId, {
    message: 'a session token needs its access key',
    path: ['accessKeyId'],
  })
  .refine((config) => !config.externalId || config.roleArn, {
    message: 'an external id needs a role',
    path: ['roleArn'],
  });
export type CloudWatchConfig = z.infer<typeof cloudWatchConfigSchema>;
