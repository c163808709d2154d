import { get } from 'node:http';

/** Null when healthy, else why not, in words. */
export type ProbeResult = string | null;

/** Asks an instance whether it is well. Any 2xx answer in time means yes. */
export function probe(port: number, path: string, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300 ? null : `health check ${path} answered ${status}`);
    });
    request.once('timeout', () => {
      resolve(`health check ${path} did not answer in ${timeoutMs / 1000} s`);
      request.destroy();
    });
    request.once('error', (error) => resolve(`health check ${path} failed: ${error.message}`));
  });
}

/** How patient the platform is. Times in milliseconds. */
export interface HealthRules {
  readonly startingIntervalMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Consecutive failures after which an instance gets no more requests. */
  readonly unhealthyAfter: number;
  /** Consecutive failures after which it is replaced. */
  readonly replacedAfter: number;
  /** Longest start; a process that has not been healthy by then is replaced. */
  readonly startupMs: number;
  /** Longest wait of a crash-looping instance before its next start. */
  readonly backoffCapMs: number;
  /** Time a process has to obey SIGTERM before SIGKILL. */
  readonly stopGraceMs: number;
}

/** The timeout is long because a busy laptop is not a sick instance. */
export const HEALTH_RULES: HealthRules = {
  startingIntervalMs: 75,
  intervalMs: 500,
  timeoutMs: 2_000,
  unhealthyAfter: 3,
  replacedAfter: 10,
  startupMs: 30_000,
  backoffCapMs: 30_000,
  stopGraceMs: 5_000,
};

/** Wait before the start that follows `failures` short lives in a row: 0.25 s, doubling, with a cap. */
export function crashBackoffMs(failures: number, rules: HealthRules): number {
  return Math.min(rules.backoffCapMs, 250 * 2 ** Math.min(failures, 20));
}
