import { runChaos } from '@/server/engine/testing/chaos/run';

/**
 * The long form of the chaos test: `npm run bench -- chaos [seconds] [seed]`. Exits with 1 when anything
 * was lost, doubled or left behind.
 */

const seconds = Number(process.argv[3] ?? 120);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`${seconds} s of chaos, seed ${seed}\n`);
const report = await runChaos({ seconds, executions: seconds * 15, workers: 3, seed, settleSeconds: 120 });
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.violations.length > 0 ? 1 : 0;
