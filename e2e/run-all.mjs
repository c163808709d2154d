/**
 * `npm test`: everything, from a fresh clone, without a question. A part that fails does not keep the
 * later ones from being run, so that one run tells all.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureInstalled } from '../server/supervisor/setup/install.mjs';
import { runEntry } from '../server/supervisor/setup/progress.mjs';
import { listFailures } from './failures.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = path.join(root, 'test-results');
/** A part that hangs is a failed part, in ms. */
const PART_LIMIT = 20 * 60_000;
/** Where Go is there, the first run builds a Kubernetes control plane. */
const CONFORMANCE_LIMIT = 60 * 60_000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

await runEntry(async () => {
  checkNode(root);
  await ensureInstalled(root);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results);

  const parts = [
    await runPart('lint', () => runChecks(scripts().lint)),
    await runPart('types', () => runChecks(scripts().types)),
    await runPart('unit', () => runVitest('unit')),
    await runPart('integration', () => runVitest('integration')),
    await runPart('conformance', runConformance),
    await runPart('build', () => runChecks('node server/supervisor/build.mjs --if-changed')),
    await runPart('e2e', runPlaywright),
  ];

  for (const failure of listFailures(results, root)) console.log(`\n${failure}`);
  console.log('');
  for (const { name, seconds, counts } of parts) console.log(summary(name, seconds, counts));
  const passed = parts.reduce((sum, { counts }) => sum + counts.passed, 0);
  const failed = parts.reduce((sum, { counts }) => sum + counts.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});

/** @param {string} name @param {() => Promise<Counts>} run */
async function runPart(name, run) {
  console.log(`\n── ${name} ──`);
  const begin = performance.now();
  const counts = await run();
  return { name, seconds: (performance.now() - begin) / 1000, counts };
}

/** @param {string} name @param {number} seconds @param {Counts} counts */
function summary(name, seconds, { passed, failed, skipped }) {
  const rest = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s   ${passed} passed, ${failed} failed${rest}`;
}

/** The commands of an npm script, each one check. @param {string} script @returns {Promise<Counts>} */
async function runChecks(script) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const command of script.split(' && ')) {
    const exitCode = await run(command);
    if (exitCode === 0) counts.passed += 1;
    else {
      counts.failed += 1;
      console.log(`FAILED (${exitCode}): ${command}`);
    }
  }
  return counts;
}

/** @param {string} project */
async function runVitest(project) {
  const file = path.join(results, `${project}.json`);
  const exitCode = await run(
    `vitest run --config server/vitest.config.ts --project ${project} --reporter=default --reporter=json --outputFile.json="${file}"`,
  );
  return countsOf(file, exitCode, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));
}

/** Against real servers, where they are on this machine; npm does not bring them. */
async function runConformance() {
  const exitCode = await run('node server/conformance/run.mjs --if-present', CONFORMANCE_LIMIT);
  const files = readdirSync(results).filter((name) => name.startsWith('conformance-'));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const name of files) {
    const report = JSON.parse(readFileSync(path.join(results, name), 'utf8'));
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  }
  return exitCode === 0 ? sum : { ...sum, failed: Math.max(sum.failed, 1) };
}

async function runPlaywright() {
  const exitCode = await run('playwright test --config e2e/playwright.config.ts');
  return countsOf(path.join(results, 'e2e.json'), exitCode, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }));
}

/**
 * A runner that crashed, or ran nothing, has failed, whatever it counted.
 * @param {string} file @param {number | string} exitCode @param {(report: any) => Counts} read
 */
function countsOf(file, exitCode, read) {
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  const ok = exitCode === 0 && counts.passed > 0;
  return ok ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

/** @param {string} command @param {number} [limit] in ms @returns {Promise<number | string>} */
function run(command, limit = PART_LIMIT) {
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: root,
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      // A group of its own, so that a hung runner can be ended with its children.
      detached: true,
      env: {
        ...process.env,
        PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
        NEXT_TELEMETRY_DISABLED: '1',
        SIGNALBOX_TEST_RESULTS: results,
      },
    });
    const group = -Number(child.pid);
    const overdue = setTimeout(() => process.kill(group, 'SIGKILL'), limit);
    const interrupt = () => process.kill(group, 'SIGTERM');
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.once('close', (code, signal) => {
      clearTimeout(overdue);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(signal ?? code ?? 'unknown');
    });
  });
}

function scripts() {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).scripts;
}
