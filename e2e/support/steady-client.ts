import { Agent, request } from 'node:http';

export interface Seen {
  readonly at: number;
  readonly version: string | null;
}

/**
 * Keeps asking a load balancer for its version, several requests at once over kept connections, as
 * a customer's gateway would, and remembers every answer and every failure.
 */
export class SteadyClient {
  readonly seen: Seen[] = [];
  readonly failures: string[] = [];
  private running = true;
  private readonly loops: Promise<void>[];
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly urls: readonly string[],
    concurrency = 4,
  ) {
    if (urls.length === 0) throw new Error('a steady client needs a load balancer to ask');
    this.loops = Array.from({ length: concurrency }, (_, i) => this.loop(i));
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.loops);
    this.agent.destroy();
  }

  versions(): Set<string | null> {
    return new Set(this.seen.map((s) => s.version));
  }

  /** Milliseconds from `since` to the last answer that still came from another version. */
  settledAfter(since: number, version: string): number {
    const strays = this.seen.filter((s) => s.at >= since && s.version !== version);
    return Math.max(0, ...strays.map((s) => s.at - since));
  }

  private async loop(index: number): Promise<void> {
    for (let turn = index; this.running; turn++) {
      const url = this.urls[turn % this.urls.length] ?? '';
      try {
        const { status, body } = await this.ask(`${url}/version`);
        if (status === 200) this.seen.push({ at: Date.now(), version: versionOf(body) });
        else this.failures.push(`${status} ${body.slice(0, 200)}`);
      } catch (error) {
        this.failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  private ask(url: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { agent: this.agent, timeout: 10_000 }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in 10 s')));
      asked.on('error', reject);
      asked.end();
    });
  }
}

function versionOf(body: string): string | null {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : null;
}
