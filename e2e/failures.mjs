/**
 * What failed, by name and reason, from the reports that the runners leave in one folder. A long run scrolls the
 * place away where a test said it, and logs are often cut to their end.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Lines of a reason that are repeated; the whole stands where the test ran. */
const REASON_LINES = 12;

/** @typedef {{ title: string, reason: string }} Failure */

/**
 * A sentence or two for each test that failed, and for each file that could not be run at all.
 * @param {string} folder with reports in JSON, `e2e.json` of Playwright and all others of Vitest
 * @param {string} root what the names of files are shortened by
 * @returns {string[]} texts of several lines each; empty where nothing failed
 */
export function listFailures(folder, root) {
  const reports = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return reports.sort().flatMap((name) => {
    const report = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    const failures = name === 'e2e.json' ? ofPlaywright(report.suites ?? []) : ofVitest(report, root);
    const part = path.basename(name, '.json');
    return failures.map(({ title, reason }) => `FAILED  ${part}: ${title}\n${shorten(reason)}`);
  });
}

/** @param {any} report @param {string} root @returns {Failure[]} */
function ofVitest(report, root) {
  return (report.testResults ?? []).flatMap((/** @type {any} */ file) => {
    const name = path.relative(root, file.name);
    const tests = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');
    // Where a hook or an import failed, no test of the file need have.
    if (tests.length === 0 && file.status === 'failed') return [{ title: name, reason: file.message }];
    return tests.map((/** @type {any} */ test) => ({
      title: `${name} › ${test.fullName}`,
      reason: test.failureMessages.join('\n'),
    }));
  });
}

/** @param {any[]} suites @returns {Failure[]} */
function ofPlaywright(suites) {
  return suites.flatMap((suite) => [
    ...ofPlaywright(suite.suites ?? []),
    ...(suite.specs ?? [])
      .filter((/** @type {any} */ spec) => !spec.ok)
      .map((/** @type {any} */ spec) => ({ title: `${spec.file} › ${spec.title}`, reason: errorsOf(spec) })),
  ]);
}

/** @param {any} spec @returns {string} */
function errorsOf(spec) {
  const results = spec.tests.flatMap((/** @type {any} */ test) => test.results);
  const errors = results.flatMap((/** @type {any} */ result) => result.errors);
  return errors.map((/** @type {any} */ error) => error.message ?? '').join('\n');
}

/** @param {string} reason */
function shorten(reason) {
  const lines = stripVTControlCharacters(reason)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const rest = lines.length > REASON_LINES ? ['…'] : [];
  return [...lines.slice(0, REASON_LINES), ...rest].map((line) => `    ${line}`).join('\n');
}
