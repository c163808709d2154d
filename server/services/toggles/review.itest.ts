import { desc, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '@/db/schema';
import type { ServiceContext } from '@/server/services/context';
import {
  addToggle,
  defineToggle,
  emptyToggles,
  keptDefinition,
  switchToggle,
} from '@/server/services/testing/toggles';
import { testWorld } from '@/server/services/testing/world';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { approveChangeRequest } from '@/server/services/toggles/approve-request';
import { archiveToggle } from '@/server/services/toggles/archive';
import { getToggle } from '@/server/services/toggles/get';
import { getChangeRequest } from '@/server/services/toggles/get-request';
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { killToggle } from '@/server/services/toggles/kill';
import { listChangeRequests } from '@/server/services/toggles/list-requests';
import { rejectChangeRequest } from '@/server/services/toggles/reject-request';
import { removeSegment } from '@/server/services/toggles/remove-segment';
import { saveSegment, saveSegmentInput } from '@/server/services/toggles/save-segment';
import { undoChange } from '@/server/services/toggles/undo';
import { updateDetailsInput, updateToggleDetails } from '@/server/services/toggles/update-details';
import { withdrawChangeRequest } from '@/server/services/toggles/withdraw-request';

const world = await testWorld();
const { db } = world;
let owner: ServiceContext;
let colleague: ServiceContext;
let reviewer: ServiceContext;
let admin: ServiceContext;

beforeAll(async () => {
  owner = await world.as('productOwner');
  colleague = await world.as('productOwner');
  reviewer = await world.as('releaseManager');
  admin = await world.as('admin');
});
beforeEach(async () => {
  await emptyToggles(world, admin, true);
  await addToggle(owner, 'badge');
});

const prod = () => keptDefinition(world, 'badge', 'prod');
async function requested(definition: Parameters<typeof defineToggle>[3] = {}): Promise<string> {
  const outcome = await defineToggle(owner, 'badge', 'prod', definition, { reason: 'launch' });
  if (outcome.kind !== 'requested') throw new Error(outcome.kind);
  return outcome.requestId;
}
const newest = async () => {
  const { history } = await getToggle(owner, { key: 'badge' });
  return history.items.find(({ environment }) => environment === 'prod')?.id ?? '';
};

describe('where review is demanded, a change', () => {
  it('waits, with a diff, until another person approves it', async () => {
    const id = await requested();
    expect((await prod())?.on).toBe(false);
    expect(await getChangeRequest(reviewer, { id })).toMatchObject({
      toggleName: 'The badge',
      status: 'open',
      reason: 'launch',
      isOwn: false,
      isOutdated: false,
      before: { on: false },
      after: { on: true },
      changes: [{ key: 'toggle.change.on' }],
      sentenceBefore: { key: 'toggle.serves.off' },
      sentenceAfter: { key: 'toggle.serves.everyone' },
    });
    expect((await getToggle(owner, { key: 'badge' })).environments[1]?.openRequest).toBe(id);
    const decision = { id, comment: 'looks good' };
    await expect(approveChangeRequest(owner, decision)).rejects.toThrow('Another person must approve');
    expect(await approveChangeRequest(reviewer, decision)).toMatchObject({ kind: 'applied', revision: 2 });
    expect((await prod())?.on).toBe(true);
    expect(await listChangeRequests(owner, { key: 'badge', limit: 5 })).toMatchObject([
      { status: 'applied', decidedBy: reviewer.actor?.name, comment: 'looks good', isOwn: true },
    ]);
    const [entry] = await db
      .select()
      .from(audit)
      .where(eq(audit.action, 'toggle.approve'))
      .orderBy(desc(audit.id));
    expect(entry).toMatchObject({
      actor: reviewer.actor?.name,
      reason: `launch — drafted by ${owner.actor?.name}`,
    });
    await expect(approveChangeRequest(colleague, decision)).rejects.toThrow(
      `was applied by ${reviewer.actor?.name}`,
    );
  });

  it('waits when it is a flip or an undo, too', async () => {
    const flip = await switchToggle(owner, { key: 'badge', environment: 'prod', on: true });
    expect(flip.kind).toBe('requested');
    if (flip.kind === 'requested') await approveChangeRequest(colleague, { id: flip.requestId, comment: '' });
    expect((await undoChange(owner, { changeId: await newest(), reason: '' })).kind).toBe('requested');
    expect((await prod())?.on).toBe(true);
  });

  it('is one at a time', async () => {
    await requested();
    await expect(requested({ offVariant: null })).rejects.toThrow('waits for approval already');
    expect(await switchToggle(owner, { key: 'badge', environment: 'staging', on: true })).toMatchObject({
      kind: 'applied',
    });
  });

  it('can be rejected, or withdrawn by who drafted it', async () => {
    const first = await requested();
    await expect(withdrawChangeRequest(colleague, { id: first, comment: '' })).rejects.toThrow(
      'who drafted it, can withdraw it',
    );
    await withdrawChangeRequest(owner, { id: first, comment: '' });
    const second = await requested();
    await rejectChangeRequest(reviewer, { id: second, comment: 'not on a Friday' });
    const statuses = (await listChangeRequests(owner, { limit: 5 })).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual(['rejected', 'withdrawn']);
    await expect(approveChangeRequest(reviewer, { id: second, comment: '' })).rejects.toThrow(
      'was rejected by',
    );
    expect((await prod())?.on).toBe(false);
  });

  it('cannot be approved when the toggle has changed since', async () => {
    const first = await requested();
    await approveChangeRequest(reviewer, { id: first, comment: '' });
    const second = await requested({ targeting: { if: [true, 'on'] } });
    await killToggle(owner, { key: 'badge', reason: 'it burns' });
    expect((await getChangeRequest(owner, { id: second })).isOutdated).toBe(true);
    await expect(approveChangeRequest(reviewer, { id: second, comment: '' })).rejects.toThrow(
      'has changed since this was drafted',
    );
    expect((await prod())?.on).toBe(false);
  });

  it('is approved once by two who approve at once', async () => {
    const id = await requested();
    const answers = await Promise.allSettled(
      [reviewer, colleague].map((ctx) => approveChangeRequest(ctx, { id, comment: '' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('review cannot be gone around', () => {
  it('but by the kill switch, which only takes away', async () => {
    await approveChangeRequest(reviewer, { id: await requested(), comment: '' });
    const { killed } = await killToggle(owner, { key: 'badge', environment: 'prod', reason: 'it burns' });
    expect(killed).toHaveLength(1);
    expect((await prod())?.on).toBe(false);
  });

  it('by other values of variants, archiving, segments or files', async () => {
    const staff = { key: 'staff', name: 'Staff', condition: { '!!': [{ var: 'staff' }] } };
    await saveSegment(owner, saveSegmentInput.parse(staff));
    const id = await requested({ targeting: { if: [{ $ref: 'staff' }, 'on', 'off'] } });
    await approveChangeRequest(reviewer, { id, comment: '' });
    const swapped = { key: 'badge', details: { variants: { on: false, off: true } } };
    await expect(updateToggleDetails(owner, updateDetailsInput.parse(swapped))).rejects.toThrow(
      '“on” may be served in prod',
    );
    await expect(archiveToggle(owner, { key: 'badge', reason: '' })).rejects.toThrow('is on in prod');
    const everyone = { ...staff, condition: { '!!': [true] } };
    await expect(saveSegment(owner, saveSegmentInput.parse(everyone))).rejects.toThrow(
      'uses the segment “staff” in prod',
    );
    const json = JSON.stringify({ flags: {} });
    await expect(importFlagd(owner, importFlagdInput.parse({ environment: 'prod', json }))).rejects.toThrow(
      'demand review',
    );
    const more = { key: 'badge', details: { variants: { on: true, off: false, also: true } } };
    expect(await updateToggleDetails(owner, updateDetailsInput.parse(more))).toMatchObject({
      kind: 'applied',
    });
  });

  it('by what a segment means that a waiting request uses', async () => {
    const staff = { key: 'staff', name: 'Staff', condition: { '!!': [{ var: 'staff' }] } };
    await saveSegment(owner, saveSegmentInput.parse(staff));
    await saveSegment(
      owner,
      saveSegmentInput.parse({ key: 'paid', name: 'Paid', condition: { and: [{ $ref: 'staff' }, true] } }),
    );
    const id = await requested({ targeting: { if: [{ $ref: 'paid' }, 'on', 'off'] } });
    const everyone = saveSegmentInput.parse({ ...staff, condition: { '!!': [true] } });
    const said = 'A change of “badge” in prod that waits for approval uses the segment “staff”';
    await expect(saveSegment(owner, everyone)).rejects.toThrow(said);
    await expect(removeSegment(owner, { key: 'staff' })).rejects.toThrow(said);
    const json = JSON.stringify({ flags: {}, $evaluators: { staff: { '!!': [true] } } });
    await expect(
      importFlagd(owner, importFlagdInput.parse({ environment: 'staging', json })),
    ).rejects.toThrow(said);
    await rejectChangeRequest(reviewer, { id, comment: '' });
    expect(await saveSegment(owner, everyone)).toMatchObject({ changed: true });
  });

  it('by an expiry that switches off, or by moving it', async () => {
    const expiring = (details: object) =>
      updateToggleDetails(owner, updateDetailsInput.parse({ key: 'badge', details }));
    const expiresAt = '2090-01-01T00:00:00Z';
    expect(await expiring({ expiresAt, onExpiry: 'off' })).toMatchObject({ kind: 'applied' });
    await approveChangeRequest(reviewer, { id: await requested(), comment: '' });
    const said = '“The badge” is on in prod or will be';
    await expect(expiring({ expiresAt: '2080-01-01T00:00:00Z' })).rejects.toThrow(said);
    await expect(expiring({ onExpiry: 'report' })).rejects.toThrow(said);
    expect(await expiring({ name: 'The other' })).toMatchObject({ kind: 'applied' });
    await killToggle(owner, { key: 'badge', reason: 'it burns' });
    expect(await expiring({ onExpiry: 'report' })).toMatchObject({ kind: 'applied' });
  });

  it('when what was planned has already passed', async () => {
    const at = new Date(Date.now() + 60_000).toISOString();
    const id = await requested({ on: false, schedule: [{ at, timeZone: 'UTC', set: { on: true } }] });
    const later: ServiceContext = { ...reviewer, clock: { now: () => new Date(Date.now() + 120_000) } };
    await expect(approveChangeRequest(later, { id, comment: '' })).rejects.toThrow('which has passed');
  });

  it('any more once the environment does not demand it', async () => {
    await applyToggleEnvironment(admin, { name: 'prod', requiresReview: false });
    expect((await switchToggle(owner, { key: 'badge', environment: 'prod', on: true })).kind).toBe('applied');
  });
});
