import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessList } from '@/server/local-cloud/balancer/access';
import { type Attempt, forward, takeBody } from '@/server/local-cloud/balancer/forward';
import { Rotation, type Route, type Target } from '@/server/local-cloud/balancer/rotation';
import { systemErrorCode } from '@/server/local-cloud/errors';
import type { Instance } from '@/server/local-cloud/instances/instance';
import type { CloudMetrics } from '@/server/local-cloud/metrics';

export interface BalancerIdentity {
  readonly region: string;
  readonly name: string;
  readonly application: string;
}

/** Longer than clients keep idle connections, so that they never write to one that we are closing. */
const KEEP_ALIVE_MS = 75_000;
const ATTEMPTS = 4;

/** One load balancer: a real listener that spreads real requests. */
export class Balancer {
  readonly #server: Server;
  readonly #rotation = new Rotation();
  readonly #identity: BalancerIdentity;
  readonly #metrics: CloudMetrics;
  #access = new AccessList([], 0);

  constructor(identity: BalancerIdentity, metrics: CloudMetrics) {
    this.#identity = identity;
    this.#metrics = metrics;
    this.#server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  }

  /** @returns the port. @throws the system's error when it cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Takes its old port back; whoever holds it after a crash usually lets go within seconds. */
  async listenAgain(host: string, port: number, patienceMs: number): Promise<void> {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        await this.listen(host, port);
        return;
      } catch (error) {
        if (systemErrorCode(error) !== 'EADDRINUSE' || performance.now() > until) throw error;
        await sleep(100);
      }
    }
  }

  /** For the next request; those in flight stay where they are. */
  route(routes: readonly Route[]): void {
    this.#rotation.replace(routes);
  }

  admit(access: AccessList): void {
    this.#access = access;
  }

  /** Stops accepting, lets requests in flight finish for `patienceMs`, then cuts them. */
  async close(patienceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeIdleConnections();
    const cut = setTimeout(() => this.#server.closeAllConnections(), patienceMs);
    await closed;
    clearTimeout(cut);
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const arrived = performance.now();
    if (!this.#access.admits(incoming.socket.remoteAddress)) {
      this.#metrics.requestRefused(this.#identity, 'firewall');
      refuse(outgoing, 403, 'forbidden', `no firewall rule lets ${incoming.socket.remoteAddress} in`);
      return;
    }
    try {
      const body = await takeBody(incoming);
      const tried = new Set<Instance>();
      for (let attempts = 1; ; attempts++) {
        const target = this.#rotation.next(tried);
        if (target === null) {
          this.#metrics.requestRefused(this.#identity, 'no_healthy_instance');
          refuse(
            outgoing,
            503,
            'unavailable',
            `load balancer ${this.#identity.name} has no healthy instance`,
          );
          return;
        }
        tried.add(target.instance);
        const attempt = await this.#attempt(
          target,
          arrived,
          () => forward(incoming, outgoing, body, target),
          attempts,
        );
        if (attempt.kind === 'failed') refuse(outgoing, attempt.status, 'bad_gateway', attempt.reason);
        if (attempt.kind !== 'retry') return;
        if (attempts === ATTEMPTS) {
          refuse(outgoing, 502, 'bad_gateway', attempt.reason);
          return;
        }
      }
    } catch {
      // The client broke off while sending.
      outgoing.destroy();
    }
  }

  async #attempt(
    target: Target,
    arrived: number,
    run: () => Promise<Attempt>,
    attempts: number,
  ): Promise<Attempt> {
    const { labels, instance } = target;
    const { name } = this.#identity;
    instance.acquire();
    this.#metrics.requestBegan(labels, name);
    const attempt = await run();
    instance.release();
    const seconds = (performance.now() - arrived) / 1000;
    if (attempt.kind === 'retry' && attempts < ATTEMPTS) this.#metrics.requestRetried(labels, name);
    else {
      const variants = attempt.kind === 'answered' ? attempt.variants : [];
      this.#metrics.requestEnded(labels, name, statusOf(attempt), seconds, variants);
    }
    return attempt;
  }
}

function statusOf(attempt: Attempt): number | null {
  switch (attempt.kind) {
    case 'answered':
    case 'failed':
      return attempt.status;
    case 'retry':
      return 502;
    case 'abandoned':
      return null;
    default:
      return attempt satisfies never;
  }
}

function refuse(outgoing: ServerResponse, status: number, code: string, message: string): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const body = JSON.stringify({ error: { code, message } });
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
}
