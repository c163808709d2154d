import { resolve } from 'node:path';
import { z } from 'zod';
import { StartupError } from '@/server/local-cloud/errors';

const port = z.coerce.number().int().min(0).max(65_535);
const REGION = /^[a-z][a-z0-9-]{0,30}$/;

const environmentSchema = z.object({
  SIGNALBOX_CLOUD_DIR: z.string().min(1, 'names the folder that keeps the platform’s state'),
  SIGNALBOX_CLOUD_PORT: port.default(0),
  SIGNALBOX_CLOUD_HOST: z.string().min(1).default('127.0.0.1'),
  SIGNALBOX_CLOUD_TOKEN: z.string().min(16, 'must have 16 characters or more').optional(),
  SIGNALBOX_CLOUD_REGIONS: z.string().default('eu,us'),
  SIGNALBOX_CLOUD_LB_PORT_BASE: port.optional(),
  SIGNALBOX_CLOUD_KEEP: z.enum(['0', '1']).default('0'),
});

export interface CloudConfig {
  readonly dir: string;
  /** 0: the port of the last run if it is free, else any. */
  readonly port: number;
  readonly host: string;
  /** Absent: the one kept in `dir`, made on the first start. */
  readonly token: string | undefined;
  readonly regions: readonly string[];
  /** The first port to try for a new load balancer; absent: any. */
  readonly loadBalancerPortBase: number | undefined;
  /** Whether a graceful stop leaves instances running for the next start to adopt. */
  readonly keepInstances: boolean;
}

/** @throws StartupError naming the first variable that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): CloudConfig {
  // An empty variable means "not set", as shells and compose files leave them.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartupError(
      `${issue?.path.join('.') ?? 'the environment'}: ${issue?.message ?? 'is not valid'}`,
    );
  }
  const regions = parsed.data.SIGNALBOX_CLOUD_REGIONS.split(',').map((name) => name.trim());
  const wrong = regions.find((name) => !REGION.test(name));
  if (wrong !== undefined) {
    throw new StartupError(
      `SIGNALBOX_CLOUD_REGIONS: "${wrong}" is not a region name (lower case, digits, hyphens)`,
    );
  }
  return {
    dir: resolve(parsed.data.SIGNALBOX_CLOUD_DIR),
    port: parsed.data.SIGNALBOX_CLOUD_PORT,
    host: parsed.data.SIGNALBOX_CLOUD_HOST,
    token: parsed.data.SIGNALBOX_CLOUD_TOKEN,
    regions: [...new Set(regions)],
    loadBalancerPortBase: parsed.data.SIGNALBOX_CLOUD_LB_PORT_BASE,
    keepInstances: parsed.data.SIGNALBOX_CLOUD_KEEP === '1',
  };
}
