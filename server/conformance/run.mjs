/**
 * `npm run test:conformance -- [name…]`: tests against the real servers that Signalbox talks to. They are not
 * brought along: what is not on this machine is named, with how to get it.
 *
 * Exit codes: 0 all passed, 1 something failed, 2 a server that was asked for is not here (or a name is unknown).
 * With `--if-present` a missing server is no failure. SIGNALBOX_TEST_RESULTS names a folder for reports in JSON;
 * there a server that is missing is one test skipped.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findControlPlane } from './kubernetes/find.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {object} RealServer
 * @property {string} tests where its tests are
 * @property {() => Found} find
 */
/** @typedef {{ env: Record<string, string>, at: string } | { missing: string }} Found */

/** @type {Record<string, RealServer>} */
const SERVERS = {
  prometheus: {
    tests: 'server/metrics/prometheus/',
    find: () =>
      findCommands(
        { prometheus: 'SIGNALBOX_TEST_PROMETHEUS', promtool: 'SIGNALBOX_TEST_PROMTOOL' },
        'On Debian and Ubuntu: apt-get install --no-install-recommends prometheus',
      ),
  },
  // moto answers as AWS does.
  cloudwatch: {
    tests: 'server/metrics/cloudwatch/',
    find: () =>
      findCommands({ moto_server: 'SIGNALBOX_TEST_MOTO' }, "With Python: pip install 'moto[server]'"),
  },
  aws: { tests: 'server/providers/aws/', find: findAws },
  lambda: { tests: 'server/providers/lambda/', find: findAws },
  kubernetes: { tests: 'server/providers/kubernetes/', find: findControlPlane },
};

const given = process.argv.slice(2);
const ifPresent = given.includes('--if-present');
const asked = given.filter((argument) => !argument.startsWith('--'));
process.exitCode = run(asked.length > 0 ? asked : Object.keys(SERVERS));

/** moto again; the variable says that the engine runs there too, and needs a database. */
function findAws() {
  const found = findCommands(
    { moto_server: 'SIGNALBOX_TEST_MOTO' },
    "With Python: pip install 'moto[server]'",
  );
  return 'missing' in found ? found : { ...found, env: { ...found.env, SIGNALBOX_TEST_AWS: 'moto' } };
}

/** @param {string[]} names */
function run(names) {
  let code = 0;
  for (const name of names) {
    const server = Object.hasOwn(SERVERS, name) ? SERVERS[name] : undefined;
    if (!server) {
      console.error(`There is no conformance test "${name}". There are: ${Object.keys(SERVERS).join(', ')}.`);
      return 2;
    }
    code = Math.max(code, runOne(name, server));
  }
  return code;
}

/** @param {string} name @param {RealServer} server */
function runOne(name, server) {
  const found = server.find();
  const folder = process.env.SIGNALBOX_TEST_RESULTS;
  const report = folder ? path.join(folder, `conformance-${name}.json`) : null;
  if ('missing' in found) {
    console.log(`${name}: not tested, because ${found.missing}`);
    const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 };
    if (report) writeFileSync(report, JSON.stringify(nothing));
    return ifPresent ? 0 : 2;
  }
  console.log(`${name}: ${found.at}`);
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const { status } = spawnSync(
    process.execPath,
    [
      vitest,
      'run',
      '--config',
      'server/vitest.config.ts',
      '--project',
      'conformance',
      // Files make no test that cannot run on this machine, or on a cluster that was given; some make none at all.
      '--passWithNoTests',
      ...reporters,
      server.tests,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...found.env } },
  );
  return status === 0 ? 0 : 1;
}

/**
 * @param {Record<string, string>} commands name of a program, and the variable that may say where it is
 * @param {string} install how to get it
 * @returns {Found}
 */
function findCommands(commands, install) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [command, variable] of Object.entries(commands)) {
    const at = whereIs(process.env[variable] ?? command);
    if (at === null) return { missing: `${command} is not on this machine. ${install}, or set ${variable}.` };
    env[variable] = at;
  }
  return { env, at: Object.values(env).join(', ') };
}

/** Its path when it can be run, else null. @param {string} command */
function whereIs(command) {
  const folders = command.includes(path.sep) ? [''] : (process.env.PATH ?? '').split(path.delimiter);
  for (const folder of folders) {
    const file = path.resolve(root, folder, command);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
