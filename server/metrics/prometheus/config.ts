import { z } from 'zod';
import { httpBase } from '@/server/domain/http-address';

const HEADER_NAME = /^[A-Za-z0-9-]+$/;
/** Those that say who we are stand in fields that are kept secret; those of the connection are not ours to set. */
const RESERVED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'proxy-authorization',
  'transfer-encoding',
]);

const headerValue = z
  .string()
  .max(4_096)
  .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII on one line');

const headersSchema = z.record(
  z
    .string()
    .regex(HEADER_NAME, 'is not the name of a header')
    .refine((name) => !RESERVED.has(name.toLowerCase()), 'cannot be set here; use the fields for signing in'),
  headerValue,
);

/** Where a Prometheus (or what speaks its API: Thanos, Mimir, VictoriaMetrics) is, and how to sign in. */
export const prometheusConfigSchema = z
  .strictObject({
    /** With the path before `/api/v1`, if there is one. */
    url: httpBase,
    username: z.string().min(1).optional(),
    passwordSecret: z.string().min(1).optional(),
    /** A bearer token. */
    tokenSecret: headerValue.min(1).optional(),
    /** Sent as X-Scope-OrgID, by which Mimir and Cortex tell tenants apart. */
    tenant: headerValue.min(1).optional(),
    /** Sent with every request. Not for secrets: they are shown to whoever may see the settings. */
    headers: headersSchema.optional(),
    /** How long one answer may take. */
    timeoutSeconds: z.number().min(1).max(120).default(30),
  })
  .refine((config) => !(config.tokenSecret && config.username), {
    message: 'give a token, or a user name and a password, not both',
    path: ['tokenSecret'],
  })
  .refine((config) => !(config.passwordSecret && !config.username), {
    message: 'a password needs a user name',
    path: ['username'],
  });
export type PrometheusConfig = z.infer<typeof prometheusConfigSchema>;

/** Headers of every request. */
export function requestHeaders(config: PrometheusConfig): Record<string, string> {
  const headers: Record<string, string> = { ...config.headers, accept: 'application/json' };
  if (config.tenant) headers['x-scope-orgid'] = config.tenant;
  if (config.tokenSecret) headers.authorization = `Bearer ${config.tokenSecret}`;
  if (config.username) {
    const pair = `${config.username}:${config.passwordSecret ?? ''}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return headers;
}
