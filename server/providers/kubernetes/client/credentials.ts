import { existsSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { homedir } from 'node:os';
import path from 'node:path';
import { KubeConfig, type User } from '@kubernetes/client-node';
import { ProviderError } from '@/server/providers/provider';

/** Where the credentials of an account are; never the credentials. */
export interface Access {
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly inCluster?: true | undefined;
}

/** Everything a request needs to be let in. */
export interface Door {
  readonly server: URL;
  readonly agent: http.Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** Programs of a kubeconfig run on this machine: whoever runs Signalbox must have said that they may. */
const EXEC_VARIABLE = 'SIGNALBOX_KUBERNETES_EXEC';
/** Files and short-lived tokens are read again after so long, in ms. */
const FRESH_MS = 10_000;
/** A server that is gone without a word is noticed by probes of the connection from then on, in ms. */
const KEEP_ALIVE_MS = 10_000;

/** What a kubeconfig says, and what was made of it. */
interface Loaded {
  readonly text: string;
  readonly config: KubeConfig;
}

/** The credentials of one account, read again when they are refused, lead nowhere, or have aged. */
export class Credentials {
  private loaded: Loaded | null = null;
  private door: { readonly value: Promise<Door>; readonly until: number } | null = null;
  private kept: { readonly key: string; readonly agent: https.Agent } | null = null;

  constructor(private readonly access: Access) {}

  /** @throws ProviderError `unauthorized` when there are none, or when they need a program that may not run. */
  open(): Promise<Door> {
    if (!this.door || this.door.until < Date.now()) {
      const value = this.read();
      this.door = { value, until: Date.now() + FRESH_MS };
      value.catch(() => this.renew());
    }
    return this.door.value;
  }

  /** They were refused: what is kept of them is read again. */
  renew(): void {
    this.loaded = null;
    this.door = null;
  }

  /** Nobody answered where they lead: the kubeconfig may have been corrected since it was read. */
  recheck(): void {
    this.door = null;
  }

  private async read(): Promise<Door> {
    try {
      this.loaded = reload(this.access, this.loaded);
      return await this.makeDoor(this.loaded.config);
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProviderError('unauthorized', `The credentials of the cluster cannot be read: ${reason}`);
    }
  }

  private async makeDoor(config: KubeConfig): Promise<Door> {
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new ProviderError('unauthorized', 'The kubeconfig names no cluster to use.');
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
    if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const proxied = options.agent instanceof http.Agent && cluster.proxyUrl ? options.agent : null;
    const plain = cluster.server.startsWith('http:');
    return {
      // A server below a path, as behind a proxy of clusters, keeps its path.
      server: new URL(cluster.server.replace(/\/+$/, '')),
      agent: proxied ?? (plain ? PLAIN_AGENT : this.agentFor(options)),
      headers,
    };
  }

  /** The client's own agents close every connection; this one keeps them while the certificates stay. */
  private agentFor({ ca, cert, key, rejectUnauthorized, servername }: https.RequestOptions): https.Agent {
    const id = JSON.stringify([ca, cert, key, rejectUnauthorized, servername]);
    if (this.kept?.key !== id) {
      const agent = new https.Agent({
        keepAlive: true,
        keepAliveMsecs: KEEP_ALIVE_MS,
        ca,
        cert,
        key,
        ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
        ...(servername === undefined ? {} : { servername }),
      });
      this.kept = { key: id, agent };
    }
    return this.kept.agent;
  }
}

const PLAIN_AGENT = new http.Agent({ keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS });

/** The same while the kubeconfig says the same, for tokens that were renewed are only in what was made of it. */
function reload(access: Access, before: Loaded | null): Loaded {
  try {
    const config = load(access);
    const text = config.exportConfig();
    return before?.text === text ? before : { text, config };
  } catch (error) {
    // A file that is being written is whole again soon; what it said is good until it is refused.
    if (before) return before;
    throw error;
  }
}

function load({ context, kubeconfig, inCluster }: Access): KubeConfig {
  const config = new KubeConfig();
  if (inCluster) {
    if (!process.env.KUBERNETES_SERVICE_HOST)
      throw new ProviderError(
        'unauthorized',
        'The account says that Signalbox runs in the cluster, and it does not: name a kubeconfig.',
      );
    config.loadFromCluster();
    return config;
  }
  if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
  else if (process.env.KUBECONFIG || existsSync(path.join(homedir(), '.kube', 'config')))
    config.loadFromDefault();
  else
    throw new ProviderError(
      'unauthorized',
      'There is no kubeconfig: name its path in the account, or in the environment variable KUBECONFIG.',
    );
  if (context !== undefined) {
    if (!config.getContextObject(context))
      throw new ProviderError(
        'unauthorized',
        `The kubeconfig has no context "${context}"; it has ${config.contexts.map((one) => `"${one.name}"`).join(', ') || 'none'}.`,
      );
    config.setCurrentContext(context);
  }
  refusePrograms(config.getCurrentUser());
  return config;
}

/** The kinds of `auth-provider` that run a program of the kubeconfig's choice. */
const RUNS_PROGRAM = new Set(['exec', 'gcp', 'azure']);

function refusePrograms(user: User | null): void {
  if (!user || process.env[EXEC_VARIABLE] === '1') return;
  // The client's type says nothing of what a kubeconfig has there.
  const provider = user.authProvider as { readonly name?: string } | null | undefined;
  if (!user.exec && !RUNS_PROGRAM.has(provider?.name ?? '')) return;
  throw new ProviderError(
    'unauthorized',
    `The kubeconfig gets the credentials of "${user.name}" from a program. Set ${EXEC_VARIABLE}=1 where Signalbox runs to let it run, or use a token or a certificate.`,
  );
}
