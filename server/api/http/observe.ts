import { webMetrics } from '@/server/services/system/metrics';

/** Counts and times what a door answers. */
export async function observe(
  door: string,
  request: Request,
  handle: () => Promise<Response>,
): Promise<Response> {
  const began = performance.now();
  const response = await handle();
  const { requests, seconds } = webMetrics();
  requests.inc({ door, method: request.method, status: String(response.status) });
  seconds.observe({ door }, (performance.now() - began) / 1000);
  return response;
}
