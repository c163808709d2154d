import { createServer } from 'node:net';

/** Hands out free loopback ports, never the same one to two instances at once. */
export class Ports {
  readonly #taken = new Set<number>();

  async take(): Promise<number> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const port = await freePort();
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      return port;
    }
    throw new Error('no free port on 127.0.0.1');
  }

  /** For the port of an adopted instance. */
  claim(port: number): void {
    this.#taken.add(port);
  }

  release(port: number): void {
    this.#taken.delete(port);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
