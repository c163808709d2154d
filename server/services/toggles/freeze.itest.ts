import { beforeAll, beforeEach, expect, it } from 'vitest';
import { settleToggles } from '@/server/automation/toggles-schedule';
import type { Freeze } from '@/server/domain/toggle-environments';
import { toggleDefinitionSchema } from '@/server/domain/toggles';
import { silent } from '@/server/engine/testing/harness';
import { secretBox } from '@/server/secrets/seal';
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
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { killToggle } from '@/server/services/toggles/kill';
import { rampToggle, rampToggleInput } from '@/server/services/toggles/ramp';
import { previewSchedule } from '@/server/services/toggles/schedule-preview';
import { undoChange } from '@/server/services/toggles/undo';
import { updateToggleDetails } from '@/server/services/toggles/update-details';

const world = await testWorld();
let owner: ServiceContext;
let admin: ServiceContext;

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const now: Freeze = { from: inHours(-1), until: inHours(1), reason: 'the summer sale' };
const later: Freeze = { from: inHours(5), until: inHours(6), reason: 'stocktaking' };

beforeAll(async () => {
  owner = await world.as('productOwner');
  admin = await world.as('admin');
});
beforeEach(async () => {
  await emptyToggles(world, admin);
  await addToggle(owner, 'badge', { application: 'catalog' });
  await defineToggle(owner, 'badge', 'prod', {});
});

const freeze = (...freezes: Freeze[]) => applyToggleEnvironment(admin, { name: 'prod', freezes });
const on = (value: boolean) => switchToggle(owner, { key: 'badge', environment: 'prod', on: value });
const prod = () => keptDefinition(world, 'badge', 'prod');
const scheduled = (at: string) => ({ schedule: [{ at, timeZone: 'Europe/Berlin', set: { on: false } }] });

it('nothing is switched in a freeze, with its end and its reason in the refusal; other environments go on', async () => {
  await freeze(now);
  await expect(on(false)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(
      new RegExp(`prod is frozen until ${now.until}: the summer sale.*kill switch`),
    ),
  });
  expect((await prod())?.on).toBe(true);
  expect(await switchToggle(owner, { key: 'badge', environment: 'staging', on: true })).toMatchObject({
    kind: 'applied',
  });
  await freeze();
  expect(await on(false)).toMatchObject({ kind: 'applied' });
});

it('what goes around the switch is frozen, too', async () => {
  await freeze(now);
  const change = (await getToggle(owner, { key: 'badge' })).history.items.find(
    ({ environment }) => environment === 'prod',
  );
  const json = JSON.stringify({
    flags: { new: { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' } },
  });
  const ramp = {
    key: 'badge',
    environment: 'prod',
    variant: 'on',
    against: 'off',
    percentages: [50],
    holdSeconds: 60,
  };
  for (const going of [
    () => undoChange(owner, { changeId: change?.id ?? '', reason: '' }),
    () => archiveToggle(owner, { key: 'badge', reason: '' }),
    () =>
      updateToggleDetails(owner, {
        key: 'badge',
        details: { variants: { on: false, off: true } },
        reason: '',
      }),
    () => importFlagd(owner, importFlagdInput.parse({ environment: 'prod', json })),
    () => rampToggle(owner, rampToggleInput.parse(ramp)),
  ])
    await expect(going()).rejects.toThrow(/prod is frozen/);
});

it('the kill switch works in a freeze', async () => {
  await freeze(now);
  expect(await killToggle(owner, { key: 'badge', reason: 'it burns' })).toMatchObject({
    killed: [{ environment: 'prod' }],
  });
  expect((await prod())?.on).toBe(false);
});

it('a change can be scheduled during a freeze for after it, and not into one; the preview shows which it would be', async () => {
  await freeze(now, later);
  expect(await defineToggle(owner, 'badge', 'prod', scheduled(inHours(2)))).toMatchObject({
    kind: 'applied',
  });
  const into = scheduled(inHours(5.5));
  await expect(defineToggle(owner, 'badge', 'prod', into)).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringMatching(/lies in a freeze of prod.*stocktaking/),
  });
  const definition = toggleDefinitionSchema.parse({ ...(await prod()), ...into });
  const [moment] = await previewSchedule(owner, {
    key: 'badge',
    environment: 'prod',
    definition,
  });
  expect(moment).toMatchObject({ kind: 'schedule', freeze: later });
});

it('a freeze is refused while something is scheduled in it', async () => {
  const at = inHours(5.5);
  await defineToggle(owner, 'badge', 'prod', scheduled(at));
  await expect(freeze(later)).rejects.toThrow(`“badge” at ${at}`);
  await freeze(now);
});

it('what was approved is held against the freeze when it is approved', async () => {
  await emptyToggles(world, admin, true);
  await addToggle(owner, 'badge');
  const asked = await on(true);
  if (asked.kind !== 'requested') throw new Error(asked.kind);
  await freeze(now);
  await expect(approveChangeRequest(admin, { id: asked.requestId, comment: '' })).rejects.toThrow(/frozen/);
  await freeze();
  expect(await approveChangeRequest(admin, { id: asked.requestId, comment: '' })).toMatchObject({
    kind: 'applied',
  });
});

it('an expiry is not held up', async () => {
  await updateToggleDetails(owner, {
    key: 'badge',
    details: { expiresAt: inHours(3), onExpiry: 'off' },
    reason: '',
  });
  await freeze(later, { ...now, until: inHours(4) });
  await settleToggles({
    database: world.database,
    clock: { now: () => new Date(Date.parse(inHours(3.5))) },
    secrets: secretBox('x'.repeat(32)),
    outbound: { allow: [] },
    logger: silent,
    url: 'http://localhost:3000',
  });
  expect((await prod())?.on).toBe(false);
});

it('the toggle says which freezes are ahead', async () => {
  await freeze(later, now, { from: inHours(-3), until: inHours(-2), reason: 'over' });
  const { environments } = await getToggle(owner, { key: 'badge' });
  expect(environments.find(({ environment }) => environment === 'prod')?.freezes).toEqual([now, later]);
});
