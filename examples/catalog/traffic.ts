import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/**
 * A gentle stream of visitors: about twenty requests a second to each of the catalog's load balancers.
 * Process entry. Finds the local cloud by `SIGNALBOX_CLOUD_DIR` (its endpoint.json) or by
 * `SIGNALBOX_CLOUD_URL` and `SIGNALBOX_CLOUD_TOKEN`, and waits quietly while it is away.
 */
const APPLICATION = 'catalog';
const INTERVAL_MS = 50;
const DISCOVERY_MS = 2_000;
const DISCOVERY_CAP_MS = 15_000;
/** Enough that a percentage of them is about that percentage of the requests. */
const VISITORS = 60;
const PATHS = ['/', '/products', '/products/lantern', '/products/clock', '/version'];

const endpointSchema = z.object({ url: z.url(), token: z.string() });
const loadBalancersSchema = z.object({ loadBalancers: z.array(z.object({ url: z.string().nullable() })) });

async function endpoint(): Promise<z.infer<typeof endpointSchema>> {
  const { SIGNALBOX_CLOUD_DIR: dir, SIGNALBOX_CLOUD_URL: url, SIGNALBOX_CLOUD_TOKEN: token } = process.env;
  if (dir) return endpointSchema.parse(JSON.parse(await readFile(join(dir, 'endpoint.json'), 'utf8')));
  return endpointSchema.parse({ url, token });
}

async function discover(): Promise<string[]> {
  const { url, token } = await endpoint();
  const response = await fetch(new URL(`/v1/load-balancers?application=${APPLICATION}`, url), {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(5_000),
  });
  const { loadBalancers } = loadBalancersSchema.parse(await response.json());
  return loadBalancers.flatMap((one) => (one.url === null ? [] : [one.url]));
}

/** Visits one load balancer until the signal aborts. A visit that fails is the shop's concern, not ours. */
async function visit(base: string, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const path = PATHS[turn % PATHS.length] ?? '/';
    const visitor = `v${Math.floor(Math.random() * VISITORS)}`;
    void fetch(new URL(`${path}?visitor=${visitor}`, base), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    })
      .then((response) => response.arrayBuffer())
      .catch(() => undefined);
    // Uneven, as visitors are; the mean is the interval.
    await sleep(INTERVAL_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}

async function main(stop: AbortSignal): Promise<void> {
  const visitors = new Map<string, AbortController>();
  let wait = DISCOVERY_MS;
  while (!stop.aborted) {
    try {
      const urls = new Set(await discover());
      for (const [url, visitor] of visitors) {
        if (urls.has(url)) continue;
        visitor.abort();
        visitors.delete(url);
      }
      for (const url of urls) {
        if (visitors.has(url)) continue;
        const visitor = new AbortController();
        visitors.set(url, visitor);
        void visit(url, AbortSignal.any([stop, visitor.signal]));
      }
      wait = DISCOVERY_MS;
    } catch {
      // The cloud is starting, stopped, or away: its load balancers are then too.
      for (const visitor of visitors.values()) visitor.abort();
      visitors.clear();
      wait = Math.min(DISCOVERY_CAP_MS, wait * 1.5);
    }
    await sleep(wait, undefined, { signal: stop }).catch(() => undefined);
  }
}

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());
await main(stopping.signal);
