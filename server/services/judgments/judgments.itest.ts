import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { accounts, audit, events, jobs, judgments, stages, vetoes } from '@/db/schema';
import type { ServiceContext } from '@/server/services/context';
import { startDeployment } from '@/server/services/deployments/start';
import { getExecution } from '@/server/services/executions/get';
import { decideJudgment } from '@/server/services/judgments/decide';
import { getEvidence } from '@/server/services/judgments/evidence';
import { listWaiting } from '@/server/services/judgments/list-waiting';
import { renderEnglish } from '@/server/services/shared/render-english';
import { DIGEST, openGate, seeServerGroup, testWorld } from '@/server/services/testing/world';

const world = await testWorld();
const { db } = world;
const engineer = await world.as('engineer');
const releaseManager = await world.as('releaseManager');

let executionId: string;
const gate = () => ({ executionId, refId: 'approve' });
const decide = (ctx: ServiceContext, more: object = {}) =>
  decideJudgment(ctx, { ...gate(), decision: 'continue', ...more });

beforeEach(async () => {
  for (const region of ['eu', 'us']) {
    await seeServerGroup(world, region, 'prod', 0, '1.0.0', { traffic: 1 });
    await seeServerGroup(world, region, 'staging', 1, '1.1.0', {
      traffic: 1,
      health: ['healthy', 'unhealthy'],
    });
  }
  const started = await startDeployment(engineer, {
    artifact: 'catalog',
    environment: 'prod',
    version: '1.1.0',
  });
  executionId = started.executionId;
  await openGate(world, executionId);
});

describe('deciding a gate', () => {
  it('keeps who decided what with the evidence, wakes the stage and tells everyone', async () => {
    const view = await decide(releaseManager, { input: 'fast', comment: 'staging is well' });
    expect(view).toMatchObject({ decision: 'continue', by: releaseManager.actor?.name, input: 'fast' });

    const [stage] = await db
      .select()
      .from(stages)
      .where(eq(stages.executionId, executionId))
      .orderBy(stages.position);
    const [row] = await db
      .select()
      .from(judgments)
      .where(eq(judgments.stageId, stage?.id ?? ''));
    expect(row?.evidence).toMatchObject({
      environment: 'prod',
      change: [{ region: 'eu' }, { region: 'us' }],
    });
    const woken = await db
      .select()
      .from(jobs)
      .where(eq(jobs.stageId, stage?.id ?? ''));
    expect(woken).toHaveLength(1);
    const [entry] = await db
      .select()
      .from(audit)
      .where(eq(audit.subject, `${executionId}/approve`));
    expect(entry).toMatchObject({
      action: 'judgment.decide',
      reason: 'staging is well',
      actor: releaseManager.actor?.name,
    });
    const told = await db.select().from(events).where(eq(events.executionId, executionId));
    expect(told.map((event) => event.kind)).toContain('judgment');
  });

  it('lets exactly one of many who decide at the same moment win, and tells the others who it was', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        decide(releaseManager, { decision: index % 2 ? 'stop' : 'continue' }),
      ),
    );
    const lost = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(lost).toHaveLength(7);
    for (const error of lost) {
      expect(error).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(String(releaseManager.actor?.name)),
      });
    }
    const entries = await db
      .select()
      .from(audit)
      .where(eq(audit.subject, `${executionId}/approve`));
    expect(entries).toHaveLength(1);
  });

  it('is refused to someone without the permission, and without the role that the gate asks for', async () => {
    await expect(decide(engineer)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decide(await world.as('admin'))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('releaseManager'),
    });
    expect(
      await db
        .select()
        .from(audit)
        .where(eq(audit.subject, `${executionId}/approve`)),
    ).toEqual([]);
  });

  it('is refused for an answer that the gate does not offer, and for a stage that is no gate', async () => {
    await expect(decide(releaseManager, { input: 'sideways' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    await expect(decide(releaseManager, { refId: 'deploy' })).rejects.toMatchObject({
      code: 'unprocessable',
    });
    await expect(decide(releaseManager, { refId: 'nope' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused when the gate has expired, and leaves no decision behind', async () => {
    await db.update(stages).set({ status: 'stopped' }).where(eq(stages.executionId, executionId));
    await expect(decide(releaseManager)).rejects.toMatchObject({ code: 'conflict' });
    const [stage] = await db
      .select()
      .from(stages)
      .where(eq(stages.executionId, executionId))
      .orderBy(stages.position);
    expect(
      await db
        .select()
        .from(judgments)
        .where(eq(judgments.stageId, stage?.id ?? '')),
    ).toEqual([]);
  });
});

describe('the evidence', () => {
  const warnings = async () => (await getEvidence(releaseManager, gate())).warnings.map(renderEnglish);

  it('says what changes, where the artifact runs already, what follows, and who may decide', async () => {
    const card = await getEvidence(releaseManager, gate());
    expect(card).toMatchObject({
      environment: 'prod',
      mayDecide: true,
      judgment: null,
      rollbackSeconds: 2,
      requestedBy: engineer.actor?.name,
      artifact: { version: '1.1.0' },
      elsewhere: [{ environment: 'staging', healthy: 2, total: 4 }],
    });
    expect(card.change[0]).toMatchObject({
      region: 'eu',
      from: { version: '1.0.0', digest: DIGEST['1.0.0'] },
      to: { version: '1.1.0', digest: DIGEST['1.1.0'] },
      instances: 2,
    });
    expect(card.onContinue.map(renderEnglish).join(' ')).toContain(
      '“Deploy to prod” puts 1.1.0 into prod (eu, us).',
    );
    expect(card.onStop.map(renderEnglish).join(' ')).toContain('prod stays on 1.0.0');
  });

  it('names no number of instances where the platform has none', async () => {
    const [before] = await db.select().from(accounts).where(eq(accounts.name, 'local'));
    await db.update(accounts).set({ provider: 'lambda' }).where(eq(accounts.name, 'local'));
    const { change } = await getEvidence(releaseManager, gate());
    expect(change.map(({ region, instances }) => ({ region, instances }))).toEqual([
      { region: 'eu', instances: null },
      { region: 'us', instances: null },
    ]);
    await db
      .update(accounts)
      .set({ provider: before?.provider ?? 'local' })
      .where(eq(accounts.name, 'local'));
  });

  it('warns of sick instances, of a veto and of what has never run in the environment before', async () => {
    expect(await warnings()).toEqual(['In staging only 2 of 4 instances with 1.1.0 are healthy.']);
    await db.insert(vetoes).values({ digest: DIGEST['1.1.0'], reason: 'leaks', by: 'Kim' });
    for (const region of ['eu', 'us'])
      await seeServerGroup(world, region, 'staging', 1, '1.0.0', { traffic: 1 });
    expect(await warnings()).toEqual([
      '1.1.0 is vetoed by Kim: leaks',
      '1.1.0 has never run in staging, which comes before prod.',
    ]);
    await db.delete(vetoes);
  });

  it('stays as it was at the decision, whatever happens afterwards', async () => {
    const before = await getEvidence(releaseManager, gate());
    await decide(releaseManager);
    for (const region of ['eu', 'us'])
      await seeServerGroup(world, region, 'prod', 0, '1.2.0', { traffic: 1 });
    const after = await getEvidence(releaseManager, gate());
    expect(after).toMatchObject({ change: before.change, warnings: before.warnings, mayDecide: false });
    expect(after.judgment).toMatchObject({ decision: 'continue' });
  });

  it('tells someone who may not decide why', async () => {
    const card = await getEvidence(engineer, gate());
    expect(card.mayDecide).toBe(false);
    expect(card.mayNotReason && renderEnglish(card.mayNotReason)).toBe(
      'Judging needs the role release manager.',
    );
  });
});

it('lists gates that wait, says which are mine, and the execution says for whom it waits', async () => {
  const [mine] = (await listWaiting(releaseManager, {})).filter((one) => one.executionId === executionId);
  expect(mine).toMatchObject({
    mine: true,
    roles: ['releaseManager'],
    version: '1.1.0',
    environment: 'prod',
  });
  const [other] = (await listWaiting(engineer, { application: 'catalog' })).filter(
    (one) => one.executionId === executionId,
  );
  expect(other?.mine).toBe(false);
  expect(await listWaiting(engineer, { application: 'other' })).toEqual([]);
  const { sentence, waitingFor } = await getExecution(engineer, { id: executionId });
  expect(renderEnglish(sentence)).toMatch(
    /^“Approve for prod” waits for a release manager to decide, until /,
  );
  expect(waitingFor).toMatchObject([{ refId: 'approve', kind: 'person' }]);
});
