import { z } from 'zod';
import { httpAddress } from '@/server/domain/http-address';

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const CERTIFICATE = /^arn:aws[a-z-]*:(acm|iam):.+/;
/** What of a load balancer shares requests out: its listener by default, or one of its rules. */
const ROUTE = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:(listener|listener-rule)\/app\/.+$/;
const IMAGE_OWNER = /^(self|amazon|aws-marketplace|\d{12})$/;

/** The port that instances serve on, where nobody says another. */
const DEFAULT_PORT = 8080;

const regionSchema = z.strictObject({
  region: z.string().regex(REGION, 'is not the name of a region, such as eu-west-1'),
  /** Where instances run and load balancers stand, all of one VPC. */
  subnets: z.array(z.string().regex(/^subnet-\w+$/, 'is not the id of a subnet')).min(1),
  /** Of every instance, besides the firewalls of its application. */
  securityGroups: z.array(z.string().regex(/^sg-\w+$/, 'is not the id of a security group')).default([]),
  /** Of load balancers; the VPC's default one when there are none. */
  loadBalancerSecurityGroups: z
    .array(z.string().regex(/^sg-\w+$/, 'is not the id of a security group'))
    .default([]),
  /** Load balancers that we make then speak HTTPS, and send whoever comes without there. */
  certificateArn: z.string().regex(CERTIFICATE, 'is not the ARN of a certificate').optional(),
  /**
   * Listeners and rules of load balancers that others keep, each by the name of the load balancer that it stands for
   * here. Only their forward action is ours: what else they do, and every other rule, stays.
   */
  routes: z
    .array(
      z.strictObject({
        loadBalancer: z.string().min(1),
        arn: z
          .string()
          .regex(ROUTE, 'is not the ARN of a listener or a rule of an Application Load Balancer'),
      }),
    )
    .refine(
      (routes) =>
        new Set(routes.map(({ arn }) => arn)).size === routes.length &&
        new Set(routes.map(({ loadBalancer }) => loadBalancer)).size === routes.length,
      'has a load balancer or an ARN twice',
    )
    .default([]),
});
export type RegionConfig = z.infer<typeof regionSchema>;

/**
 * An account of AWS and what of it is used. No key stands here, because accounts are stored and served: the SDK
 * finds one where Signalbox runs (environment, profile, container, instance), and with it the role is assumed.
 */
export const awsConfigSchema = z
  .strictObject({
    regions: z
      .array(regionSchema)
      .min(1, 'name at least one region')
      .refine(
        (regions) => new Set(regions.map(({ region }) => region)).size === regions.length,
        'has a region twice',
      ),
    roleArn: z.string().regex(ROLE, 'is not the ARN of a role').optional(),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external id')
      .optional(),
    /** In place of AWS's own addresses: something that speaks its APIs. */
    endpoint: httpAddress.optional(),
    instanceType: z.string().min(1).default('t3.small'),
    /** Name of the instance profile that instances run with. */
    instanceProfile: z.string().min(1).optional(),
    /** Whose images may be deployed, and by which tags an image is an artifact. */
    machineImages: z
      .strictObject({
        owners: z.array(z.string().regex(IMAGE_OWNER, 'is not an owner of images')).min(1).default(['self']),
        nameTag: z.string().min(1).default('signalbox:artifact'),
        versionTag: z.string().min(1).default('signalbox:version'),
        digestTag: z.string().min(1).default('signalbox:digest'),
      })
      .prefault({}),
    /** What instances listen on, and what a load balancer asks to know that they are well. */
    port: z.number().int().min(1).max(65_535).default(DEFAULT_PORT),
    healthPath: z.string().startsWith('/').default('/health'),
    /** How long an instance that leaves may take to answer what it was asked before. */
    drainSeconds: z.number().int().min(0).max(3_600).default(30),
    /** A new instance is not judged before. */
    graceSeconds: z.number().int().min(0).max(7_200).default(120),
    /** False for load balancers that only the VPC reaches. */
    internetFacing: z.boolean().default(false),
    /** Everything in the account is looked at again so often; AWS tells nobody by itself. */
    sweepSeconds: z.number().int().min(1).max(3_600).default(30),
  })
  .refine((config) => !config.externalId || config.roleArn, {
    message: 'an external id needs a role',
    path: ['roleArn'],
  });
export type AwsConfig = z.infer<typeof awsConfigSchema>;
