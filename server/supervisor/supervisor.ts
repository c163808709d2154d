import path from 'node:path';
import { migrateDatabase } from '@/db/migrate';
import { AppError } from '@/server/domain/errors';
import { bundleDigest, type SupervisorContext } from './context';
import { keptSecret } from './files';
import { stopLeftovers } from './leftovers';
import { rotateLog } from './logs';
import { assertPortFree } from './ports';
import { runSeed, type SeedAnswer } from './seed';
import { Service, type ServiceSpec } from './service';
import { cloudAccess, LOCAL_CLOUD, localCloudSpec } from './services/local-cloud';
import { trafficSpec, type Variables, webSpec, workerSpec } from './services/node';
import { postgresSpec } from './services/postgres';
import { terminal } from './terminal';

/** Starts the product's processes in order, keeps them running, and stops them in the opposite order. */
export class Supervisor {
  readonly #services: Service[] = [];
  readonly #stopping = new AbortController();
  #seeded: SeedAnswer = {};

  /** What the seed made so far; a start that fails later must still tell the password. */
  get seeded(): SeedAnswer {
    return this.#seeded;
  }

  constructor(private readonly context: SupervisorContext) {}

  /**
   * Returns when the dashboard answers.
   * @throws AppError when a part cannot be started; the caller then stops the others.
   */
  async start(): Promise<void> {
    const { context } = this;
    await stopLeftovers(context);
    await assertPortFree(context.settings.PORT, context.settings.SIGNALBOX_HOST);
    const [databaseUrl] = await Promise.all([
      this.#startDatabase(),
      // One that runs elsewhere, by SIGNALBOX_CLOUD_URL, replaces ours.
      context.settings.SIGNALBOX_CLOUD_URL ? undefined : this.#run(localCloudSpec(context)),
    ]);
    const variables = this.#variables(databaseUrl);
    const workers = Array.from({ length: context.settings.SIGNALBOX_WORKERS }, (_, index) =>
      workerSpec(context, index === 0 ? 'worker' : `worker-${index + 1}`, variables),
    );
    await Promise.all([
      this.#seed(variables),
      ...workers.map((spec) => this.#run(spec)),
      this.#run(webSpec(context, variables)),
    ]);
    if (context.settings.SIGNALBOX_DEMO) await this.#run(trafficSpec(context, variables));
  }

  /** Clients before servers, so that nothing sees its server go away. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#stopAll((name) => name === 'web' || name === 'traffic');
    await this.#stopAll((name) => name.startsWith('worker'));
    await this.#stopAll((name) => name === LOCAL_CLOUD);
    await this.#stopAll((name) => name === 'postgres');
  }

  kill(): void {
    for (const service of this.#services) service.kill();
  }

  async #run(spec: ServiceSpec): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    rotateLog(this.context.settings.SIGNALBOX_DATA, spec.name);
    const service = new Service(spec, {
      onProcess: (name, running) => {
        if (running === null) this.context.record.delete(name);
        else
          this.context.record.set(name, {
            pid: running.pid,
            startedAt: running.startedAt,
            build: this.#build(name),
          });
      },
      onTrouble: terminal.error,
    });
    this.#services.push(service);
    await service.start();
    this.#stopping.signal.throwIfAborted();
    terminal.step(`${spec.name} is running`);
  }

  async #seed(variables: Variables): Promise<SeedAnswer> {
    // Only a first start takes this long: the example's first deployments really run.
    const patience = setTimeout(() => terminal.step('bringing up the first data …'), 1_500);
    try {
      this.#seeded = await runSeed(this.context, variables, this.#stopping.signal);
      return this.#seeded;
    } finally {
      clearTimeout(patience);
    }
  }

  async #stopAll(which: (name: string) => boolean): Promise<void> {
    await Promise.all(
      this.#services.filter((service) => which(service.name)).map((service) => service.stop()),
    );
  }

  async #startDatabase(): Promise<string> {
    let url = this.context.settings.DATABASE_URL;
    if (url === undefined) await this.#run(postgresSpec(this.context, (started) => void (url = started)));
    if (url === undefined) throw new Error('Postgres runs but did not say where');
    try {
      await migrateDatabase(url, path.join(this.context.root, 'db', 'migrations'));
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('unavailable', `The database could not be brought up to date: ${words}`);
    }
    return url;
  }

  #variables(databaseUrl: string): Variables {
    const { settings } = this.context;
    const cloud = cloudAccess(this.context);
    const secret = settings.SIGNALBOX_SECRET ?? keptSecret(settings.SIGNALBOX_DATA, 'secret');
    return {
      PORT: String(settings.PORT),
      SIGNALBOX_HOST: settings.SIGNALBOX_HOST,
      SIGNALBOX_URL: settings.SIGNALBOX_URL,
      SIGNALBOX_DATA: settings.SIGNALBOX_DATA,
      SIGNALBOX_DEMO: settings.SIGNALBOX_DEMO ? '1' : '0',
      SIGNALBOX_SECRET: secret,
      SIGNALBOX_CLOUD_URL: cloud.url,
      SIGNALBOX_CLOUD_TOKEN: cloud.token,
      SIGNALBOX_CLI_FILE: settings.SIGNALBOX_CLI_FILE ?? path.join(settings.SIGNALBOX_DATA, 'cli.json'),
      DATABASE_URL: databaseUrl,
      NEXTAUTH_SECRET: secret,
      NEXTAUTH_URL: settings.SIGNALBOX_URL,
      SIGNALBOX_KUBERNETES_EXEC: settings.SIGNALBOX_KUBERNETES_EXEC ? '1' : '0',
      SIGNALBOX_OUTBOUND_ALLOW: settings.SIGNALBOX_OUTBOUND_ALLOW.join(','),
      ...passedOn(),
      OIDC_ISSUER: settings.OIDC_ISSUER,
      OIDC_CLIENT_ID: settings.OIDC_CLIENT_ID,
      OIDC_CLIENT_SECRET: settings.OIDC_CLIENT_SECRET,
      OIDC_ROLE_CLAIM: settings.OIDC_ROLE_CLAIM,
    };
  }

  /** Only the local cloud is ever adopted, so only its program is compared. */
  #build(name: string): string {
    return name === LOCAL_CLOUD ? bundleDigest(this.context, LOCAL_CLOUD) : '';
  }
}

/**
 * What stages of pipelines and clients of platforms look up by themselves; the supervisor does not know which there
 * are. The local cloud gets none of it: what it runs is not ours.
 */
function passedOn(): Variables {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(SIGNALBOX_WEBHOOK_SECRET|AWS)_/.test(name)),
  );
}
