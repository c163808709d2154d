import { z } from 'zod';
import { AppError } from '@/server/domain/errors';

/**
 * Every environment variable Signalbox reads, with its rule, its default and the sentence that the
 * README's table and `.env.example` carry (a test compares them).
 */

const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1');
const PORT_RULE = 'must be a port number from 1 to 65535';
const port = z.coerce.number(PORT_RULE).int(PORT_RULE).min(1, PORT_RULE).max(65_535, PORT_RULE);
const webUrl = z.url({
  protocol: /^https?$/,
  error: 'must be an http(s) address such as http://localhost:3000',
});
const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgres://user:password@host:5432/database',
});
/** Shorter secrets can be guessed offline from a session cookie. */
const secret = z.string().min(32, 'must have at least 32 characters');

export const environmentSchema = z.object({
  PORT: port.default(3000).describe('Port of the dashboard and the API.'),
  SIGNALBOX_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address the dashboard listens on. `0.0.0.0` opens it to the network: put TLS in front.'),
  SIGNALBOX_URL: webUrl
    .optional()
    .describe(
      'Address that people type, when it is not `http://localhost:PORT` (behind a proxy, for example).',
    ),
  SIGNALBOX_DATA: z
    .string()
    .min(1)
    .default('./.signalbox')
    .describe('Folder for the embedded database, the local cloud, logs and generated secrets.'),
  DATABASE_URL: databaseUrl
    .optional()
    .describe('A Postgres of your own (14 or newer). Without it an embedded Postgres is started.'),
  SIGNALBOX_DEMO: flag
    .prefault('1')
    .describe('`0` starts empty; `1` brings the example application on first start.'),
  SIGNALBOX_WORKERS: z.coerce
    .number('must be a number')
    .int()
    .min(0)
    .max(16)
    .default(1)
    .describe('Engine workers to run here. `0` when they all run on other machines.'),
  SIGNALBOX_WORKER_METRICS_PORT: port
    .optional()
    .describe('Port where a worker serves Prometheus metrics and its health. Off when absent.'),
  SIGNALBOX_WORKER_METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address for that port. `0.0.0.0` opens it to the network, which only Prometheus and probes should reach.',
    ),
  SIGNALBOX_SECRET: secret
    .optional()
    .describe(
      'Signs sessions and seals stored secrets. Generated and kept in the data folder when absent; share it between machines.',
    ),
  SIGNALBOX_OUTBOUND_ALLOW: z
    .string()
    .optional()
    .transform((text) =>
      (text ?? '')
        .split(',')
        .map((one) => one.trim().toLowerCase())
        .filter(Boolean),
    )
    .describe(
      'Private addresses that webhooks and registries may be at: addresses, CIDR ranges and host names, separated by commas. Public ones always may.',
    ),
  SIGNALBOX_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe log lines to write.'),
  SIGNALBOX_KUBERNETES_EXEC: flag
    .prefault('0')
    .describe('`1` lets kubeconfigs run the programs that they name to get their credentials.'),
  SIGNALBOX_CLOUD_PORT: port
    .optional()
    .describe('Port of the local cloud’s API. A free one is chosen when absent.'),
  SIGNALBOX_CLOUD_REGIONS: z
    .string()
    .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, 'must be names separated by commas, such as eu,us')
    .default('eu,us')
    .describe('Regions of the local cloud.'),
  SIGNALBOX_CLOUD_LB_PORT_BASE: port
    .optional()
    .describe('First port that the local cloud’s load balancers try. Free ones are chosen when absent.'),
  SIGNALBOX_CLOUD_URL: webUrl
    .optional()
    .describe('Address of a local cloud that runs elsewhere. Set by the supervisor for its own.'),
  SIGNALBOX_CLOUD_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('Bearer token of the local cloud. Generated and kept in the data folder when absent.'),
  SIGNALBOX_CLI_FILE: z
    .string()
    .optional()
    .describe('File with address and token for the CLI. `SIGNALBOX_DATA/cli.json` when absent.'),
  OIDC_ISSUER: webUrl
    .optional()
    .describe('Sign-in by OpenID Connect: the issuer. Needs the two variables below.'),
  OIDC_CLIENT_ID: z.string().min(1).optional().describe('OpenID Connect client id.'),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().describe('OpenID Connect client secret.'),
  OIDC_ROLE_CLAIM: z
    .string()
    .min(1)
    .default('roles')
    .describe('Claim of the identity token that names the person’s roles.'),
});

const checkedSchema = environmentSchema
  .refine((env) => !env.OIDC_ISSUER || (env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET), {
    path: ['OIDC_ISSUER'],
    error: 'needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it',
  })
  .transform((env) => ({ ...env, SIGNALBOX_URL: env.SIGNALBOX_URL ?? `http://localhost:${env.PORT}` }));

export type Environment = z.infer<typeof checkedSchema>;

/**
 * Validates the environment. An empty variable counts as absent, as shells and `.env` files mean it.
 * @throws AppError with one sentence per wrong variable.
 */
export function readEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = checkedSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AppError('bad_request', parsed.error.issues.map(explain).join('\n'));
}

/**
 * The database address of a process that cannot work without one (worker, web, seed).
 * @throws AppError when it is not set.
 */
export function requireDatabaseUrl(env: Environment): string {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  throw new AppError(
    'bad_request',
    'DATABASE_URL is not set: give the address of a Postgres, or run `npm start`.',
  );
}

/**
 * The secret that signs sessions and seals stored secrets.
 * @throws AppError when it is not set.
 */
export function requireSecret(env: Environment): string {
  if (env.SIGNALBOX_SECRET) return env.SIGNALBOX_SECRET;
  throw new AppError(
    'bad_request',
    'SIGNALBOX_SECRET is not set: give the same secret to every process, or run `npm start`.',
  );
}

function explain(issue: z.core.$ZodIssue): string {
  const rule = issue.message.replace(/^(Invalid|Too)/, (word) => word.toLowerCase());
  return `${issue.path.join('.')} ${rule.startsWith('must') || rule.startsWith('needs') ? rule : `is wrong: ${rule}`}.`;
}
