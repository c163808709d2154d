import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProxyServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves on a port of its own; a request whose handler throws is broken off. */
export async function startProxyServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<ProxyServer> {
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => response.destroy(new Error(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // Node types the chunks of a stream as anything.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
