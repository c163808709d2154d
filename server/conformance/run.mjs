/**
 * `npm run test:conformance -- [name…]`: tests against the real servers that Signalbox talks to. They are not
 * brought along: what is not on this machine is named, with how to get it.
 *
 * Exit codes: 0 all passed, 1 something failed, 2 a server that was asked for is not here (or a name is unknown).
 * With `--if-present` a missing server is no failure. SIGNALBOX_TEST_RESULTS names a folder for reports in JSON.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {object} RealServer
 * @property {Record<string, string>} commands name of a program, and the variable that may say where it is
 * @property {string} tests where its tests are
 * @property {string} install how to get it
 */

/** @type {Record<string, RealServer>} */
const SERVERS = {
  prometheus: {
    commands: { prometheus: 'SIGNALBOX_TEST_PROMETHEUS', promtool: 'SIGNALBOX_TEST_PROMTOOL' },
    tests: 'server/metrics/prometheus/',
    install: 'On Debian and Ubuntu: apt-get install --no-install-recommends prometheus',
  },
  // moto answers as AWS does.
  cloudwatch: {
    commands: { moto_server: 'SIGNALBOX_TEST_MOTO' },
    tests: 'server/metrics/cloudwatch/',
    install: "With Python: pip install 'moto[server]'",
  },
};

const given = process.argv.slice(2);
const ifPresent = given.includes('--if-present');
const asked = given.filter((argument) => !argument.startsWith('--'));
process.exitCode = run(asked.length > 0 ? asked : Object.keys(SERVERS));

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
  /** @type {Record<string, string>} */
  const found = {};
  for (const [command, variable] of Object.entries(server.commands)) {
    const at = whereIs(process.env[variable] ?? command);
    if (at === null) {
      console.log(
        `${name}: not tested, because ${command} is not on this machine. ${server.install}, or set ${variable}.`,
      );
      return ifPresent ? 0 : 2;
    }
    found[variable] = at;
  }
  console.log(`${name}: ${Object.values(found).join(', ')}`);
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const folder = process.env.SIGNALBOX_TEST_RESULTS;
  const reporters = folder
    ? [
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${path.join(folder, `conformance-${name}.json`)}`,
      ]
    : [];
  const { status } = spawnSync(
    process.execPath,
    [
      vitest,
      'run',
      '--config',
      'server/vitest.config.ts',
      '--project',
      'conformance',
      ...reporters,
      server.tests,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...found } },
  );
  return status === 0 ? 0 : 1;
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
