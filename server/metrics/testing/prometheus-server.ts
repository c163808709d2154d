import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A real Prometheus on a folder and a port of its own. */
export interface PrometheusServer {
  readonly url: string;
  /** SIGSTOP makes it slow beyond patience, SIGCONT brings it back. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export interface PrometheusSetup {
  /** Samples of the past, in OpenMetrics text without its end. */
  readonly past?: string;
  /** Addresses (host:port) whose /metrics is read every half second. */
  readonly targets?: readonly string[];
  /** Password "abc". */
  readonly user?: string;
  readonly flags?: readonly string[];
}

/** Of bcrypt's own test vectors: "abc". */
const HASH_OF_ABC = '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i';

/** @throws when it ends before it is ready, with what it said. */
export async function startPrometheus(setup: PrometheusSetup = {}): Promise<PrometheusServer> {
  const dir = mkdtempSync(path.join(tmpdir(), 'signalbox-prometheus-'));
  const data = path.join(dir, 'data');
  mkdirSync(data);
  const config = path.join(dir, 'prometheus.json');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(setup.targets ?? [])));
  const web = path.join(dir, 'web.json');
  writeFileSync(web, JSON.stringify(setup.user ? { basic_auth_users: { [setup.user]: HASH_OF_ABC } } : {}));
  if (setup.past) fillPast(dir, data, setup.past);
  const child = spawn(
    process.env.SIGNALBOX_TEST_PROMETHEUS ?? 'prometheus',
    [
      `--config.file=${config}`,
      `--web.config.file=${web}`,
      `--storage.tsdb.path=${data}`,
      '--web.listen-address=127.0.0.1:0',
      ...(setup.flags ?? []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await exited;
    rmSync(dir, { recursive: true, force: true });
  };
  const said: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    let listening = '';
    let ready = false;
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      // Two of its routines say so, in whichever order.
      listening = /msg="Listening on" address=(\S+)/.exec(line)?.[1] ?? listening;
      ready ||= line.includes('Server is ready to receive web requests');
      if (ready && listening !== '') resolve(listening);
    });
    void exited.then(() => reject(new Error(`Prometheus ended:\n${said.join('\n')}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url: `http://${address}`, signal: (signal) => void child.kill(signal), stop };
}

function configOf(targets: readonly string[]) {
  return {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
    scrape_configs: targets.map((target, index) => ({
      job_name: `job-${index}`,
      static_configs: [{ targets: [target] }],
    })),
  };
}

function fillPast(dir: string, data: string, past: string): void {
  const file = path.join(dir, 'past.txt');
  writeFileSync(file, `${past}\n# EOF\n`);
  const promtool = process.env.SIGNALBOX_TEST_PROMTOOL ?? 'promtool';
  execFileSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', file, data], { stdio: 'pipe' });
}
