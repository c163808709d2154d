import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that speaks as much of Prometheus's HTTP API as is asked of it, behind a bearer token. */
export interface MetricsServer {
  readonly url: string;
  /** Queries as they came. */
  readonly queries: string[];
  stop(): Promise<void>;
}

export const METRICS_TOKEN = 'token-of-the-metrics-7d1c';

/** @param valueOf a query's value at a moment in seconds; null where it has none. */
export async function startMetricsServer(
  valueOf: (query: string, atSeconds: number) => number | null = () => 1,
): Promise<MetricsServer> {
  const queries: string[] = [];
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${METRICS_TOKEN}`) return answer(401, 'no entry');
    if (request.method === 'GET') return answer(200, 'ready');
    return void bodyOf(request).then((body) => {
      const query = body.get('query') ?? '';
      if (request.url?.endsWith('/query'))
        return answer(200, { status: 'success', data: { resultType: 'scalar', result: [0, '1'] } });
      queries.push(query);
      if (query.includes('syntax error'))
        return answer(400, { status: 'error', errorType: 'bad_data', error: 'parse error' });
      const values = timesOf(body).flatMap((at) => {
        const value = valueOf(query, at);
        return value === null ? [] : [[at, String(value)]];
      });
      const result = values.length === 0 ? [] : [{ metric: {}, values }];
      return answer(200, { status: 'success', data: { resultType: 'matrix', result } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not a path.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    queries,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function timesOf(body: URLSearchParams): number[] {
  const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(body.get(name)));
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}
