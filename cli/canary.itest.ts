import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Door, openDoor } from '@/cli/testing/door';
import { startRetrospective, startRetrospectiveInput } from '@/server/services/analyses/start-retrospective';
import { seedAnalysis } from '@/server/services/testing/canary-analyses';
import { canaryConfig } from '@/server/services/testing/canary-configs';
import {
  METRICS_TOKEN,
  type MetricsServer,
  startMetricsServer,
} from '@/server/services/testing/metrics-server';
import { ALL, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
let door: Door;
let server: MetricsServer;

beforeAll(async () => {
  server = await startMetricsServer();
  door = await openDoor(await world.token(ALL, 'admin'));
}, 60_000);
afterAll(async () => {
  await door.close();
  await server.stop();
});

it('adds a metrics source with a secret from a file, checks it, lists it and takes it away', async () => {
  const secret = await door.file('token.txt', `${METRICS_TOKEN}\n`);
  const apply = ['metrics-source', 'apply', 'name=spare', 'kind=prometheus', `url=${server.url}`];
  const added = await door.run(...apply, `tokenSecret=@${secret}`, 'timeoutSeconds=5');
  expect([added.code, added.out]).toEqual([0, 'spare is created\n']);
  const checked = await door.run('metrics-source', 'check', 'spare');
  expect(checked).toMatchObject({ code: 0, out: expect.stringMatching(/^spare answers \(\d+ ms\)\n$/) });
  const list = await door.run('metrics-source', 'list');
  expect(list.out).toContain('tokenSecret');
  expect(list.out).toContain('timeoutSeconds=5');
  expect(list.out).not.toContain(METRICS_TOKEN);
  await door.run(...apply, 'tokenSecret=');
  expect(await door.run('metrics-source', 'check', 'spare')).toMatchObject({
    code: 1,
    out: expect.stringContaining('does not let us in'),
  });
  expect((await door.run('metrics-source', 'remove', 'spare')).code).toBe(0);
  expect((await door.run('metrics-source', 'check', 'spare')).err).toContain('There is no metrics source');
  expect((await door.run(...apply, 'tokenSecret=@/nowhere')).code).toBe(2);
});

it('brings configurations in and out again without a change', async () => {
  await door.run(
    'metrics-source',
    'apply',
    'name=prom',
    'kind=prometheus',
    `url=${server.url}`,
    `tokenSecret=${METRICS_TOKEN}`,
  );
  const named = ['application=catalog', 'name=golden'];
  const own = await door.file('own.json', canaryConfig());
  const applied = await door.run('canary', 'apply', own, ...named, 'source=prom');
  expect([applied.code, applied.out]).toEqual([0, 'golden is at revision 1\n']);
  const exported = await door.run('canary', 'export', ...named);
  expect(JSON.parse(exported.out)).toEqual(canaryConfig());
  const again = await door.file('again.json', exported.out);
  expect((await door.run('canary', 'apply', again, ...named, 'source=prom')).out).toContain('revision 1');
  expect(JSON.parse((await door.run('canary', 'get', ...named)).out)).toMatchObject({
    source: 'prom',
    metrics: 1,
  });

  const theirs = await door.file('theirs.json', { ...canaryConfig(), name: 'Their Config', mood: 'good' });
  const importing = ['canary', 'import', theirs, 'application=catalog', 'source=prom'];
  expect((await door.run(...importing, '--dry-run')).out).toMatch(
    /"mood" is not known[^]+named their-config\. Nothing/,
  );
  expect((await door.run(...importing)).out).toContain('their-config is at revision 1');
  const list = await door.run('canary', 'list', 'application=catalog');
  expect(list.out).toMatch(/golden +prom +signalbox-v1 +1 +1 +-/);
  expect((await door.run('canary', 'remove', 'application=catalog', 'name=their-config')).code).toBe(0);
});

it('says where a configuration is wrong', async () => {
  const wrong = await door.file('wrong.json', {
    name: 'x',
    metrics: [{ name: 'm', query: { type: 'prometheus' } }],
  });
  const answer = await door.run('canary', 'apply', wrong, 'application=catalog', 'name=x', 'source=prom');
  expect([answer.code, answer.err]).toEqual([1, expect.stringContaining('metrics.0.query: give a query')]);
});

it('starts an analysis of the past, and refuses times that are none', async () => {
  const analyze = ['canary', 'analyze', 'application=catalog', 'config=golden', 'baseline=a', 'canary=b'];
  const started = await door.run(...analyze, 'region=eu', 'last=30m', 'step=1m', 'interval=10m', 'pass=90');
  expect([started.code, started.out]).toEqual([0, expect.stringMatching(/^started [0-9a-f-]{36}\n/)]);
  expect((await door.run(...analyze)).code).toBe(2);
  expect((await door.run(...analyze, 'last=soon')).err).toContain('Write 90s, 30m, 2h or 1d.');
  expect((await door.run(...analyze, 'start=1')).err).toContain('start=1 is no time');
  expect((await door.run(...analyze, 'last=30m', 'interval=90s')).err).toContain('must be whole steps');
  expect((await door.run(...analyze, 'last=30m', 'nonsense=1')).code).toBe(2);
});

it('reports how a canary was judged, and says so by its exit code', async () => {
  expect((await door.run('canary', 'report', 'application=catalog')).err).toContain('has been judged yet');
  const failed = await analysed('failed');
  const report = await door.run('canary', 'report', 'application=catalog');
  expect(report.code).toBe(1);
  expect(report.out).toMatch(/^failed: .*latency/);
  expect(report.out).toContain('catalog-prod-v002 against catalog-prod-v001 by golden: score 0, look 2 of 6');
  expect(report.out).toMatch(/High +- +\S/);
  const passed = await analysed('passed');
  expect((await door.run('canary', 'report', `analysis=${passed.id}`)).code).toBe(0);
  // Its first look could not tell.
  const decided = await analysed('passed', 1);
  expect((await door.run('canary', 'report', `analysis=${decided.id}`)).out).toMatch(
    /^passed as a person decided: /,
  );
  const earlier = ['canary', 'report', 'application=catalog', `execution=${failed.executionId}`, '--json'];
  const json = await door.run(...earlier);
  expect([json.code, JSON.parse(json.out)]).toMatchObject([
    1,
    { id: failed.id, shown: { measurements: null } },
  ]);
});

async function analysed(status: 'passed' | 'failed', looks = 2) {
  const input = startRetrospectiveInput.parse({
    application: 'catalog',
    config: 'golden',
    scopes: { baseline: { scope: 'a' }, canary: { scope: 'b' } },
    startMs: 0,
    endMs: 3_600_000,
  });
  const { executionId } = await startRetrospective(await world.as('engineer'), input);
  return { id: await seedAnalysis(world, { executionId, status, looks }), executionId };
}
