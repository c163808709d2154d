import { randomUUID } from 'node:crypto';
import type { Permission } from '@/server/domain/roles';
import type { ServiceContext } from '@/server/services/context';
import { applyToggleEnvironment } from '@/server/services/toggles/apply-environment';
import { approveChangeRequest } from '@/server/services/toggles/approve-request';
import { archiveToggle } from '@/server/services/toggles/archive';
import { countToggle } from '@/server/services/toggles/counts';
import { createToggle, createToggleInput } from '@/server/services/toggles/create';
import { createClientKey } from '@/server/services/toggles/create-client-key';
import { exportFlagd } from '@/server/services/toggles/export-flagd';
import { getToggle } from '@/server/services/toggles/get';
import { getChangeRequest } from '@/server/services/toggles/get-request';
import { readGoals } from '@/server/services/toggles/goals';
import { toggleHistory } from '@/server/services/toggles/history';
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { killToggle } from '@/server/services/toggles/kill';
import { listToggles } from '@/server/services/toggles/list';
import { listClientKeys } from '@/server/services/toggles/list-client-keys';
import { listToggleEnvironments } from '@/server/services/toggles/list-environments';
import { listChangeRequests } from '@/server/services/toggles/list-requests';
import { listSegments } from '@/server/services/toggles/list-segments';
import { previewToggle } from '@/server/services/toggles/preview';
import { rampToggle } from '@/server/services/toggles/ramp';
import { rejectChangeRequest } from '@/server/services/toggles/reject-request';
import { removeSegment } from '@/server/services/toggles/remove-segment';
import { restoreToggle } from '@/server/services/toggles/restore';
import { revokeClientKey } from '@/server/services/toggles/revoke-client-key';
import { saveSegment } from '@/server/services/toggles/save-segment';
import { previewSchedule } from '@/server/services/toggles/schedule-preview';
import { setToggleDefinition } from '@/server/services/toggles/set-definition';
import { setToggleOn } from '@/server/services/toggles/set-on';
import { listStaleToggles } from '@/server/services/toggles/stale';
import { stopRamp } from '@/server/services/toggles/stop-ramp';
import { undoChange } from '@/server/services/toggles/undo';
import { updateToggleDetails } from '@/server/services/toggles/update-details';
import { withdrawChangeRequest } from '@/server/services/toggles/withdraw-request';

export type Call = (ctx: ServiceContext) => Promise<unknown>;

/** Nothing is there under these names, so that what is allowed does nothing. */
const id = randomUUID();
const reason = 'a test';
const toggle = { key: 'nothing' };
const place = { key: 'nothing', environment: 'nothing' };

/** The verbs of toggles with the permission that each needs; the others are in the test of permissions. */
export const toggleServices: readonly (readonly [string, Permission, Call])[] = [
  [
    'toggles.create',
    'toggle.write',
    (ctx) =>
      createToggle(
        ctx,
        createToggleInput.parse({ ...toggle, name: 'x', application: 'nothing', variants: { on: true } }),
      ),
  ],
  ['toggles.list', 'read', (ctx) => listToggles(ctx, {})],
  ['toggles.get', 'read', (ctx) => getToggle(ctx, toggle)],
  ['toggles.history', 'read', (ctx) => toggleHistory(ctx, { ...toggle, limit: 1 })],
  ['toggles.counts', 'read', (ctx) => countToggle(ctx, place)],
  ['toggles.goals', 'read', (ctx) => readGoals(ctx, toggle)],
  ['toggles.stale', 'read', (ctx) => listStaleToggles(ctx, { days: 1 })],
  [
    'toggles.updateDetails',
    'toggle.write',
    (ctx) => updateToggleDetails(ctx, { ...toggle, details: {}, reason }),
  ],
  [
    'toggles.setDefinition',
    'toggle.write',
    (ctx) => setToggleDefinition(ctx, { ...place, movesPeople: false, reason }),
  ],
  ['toggles.setOn', 'toggle.write', (ctx) => setToggleOn(ctx, { ...place, on: true, reason })],
  ['toggles.kill', 'toggle.write', (ctx) => killToggle(ctx, { ...toggle, reason })],
  [
    'toggles.ramp',
    'toggle.write',
    (ctx) => rampToggle(ctx, { ...place, variant: 'on', percentages: [50], holdSeconds: 60, reason }),
  ],
  ['toggles.stopRamp', 'toggle.write', (ctx) => stopRamp(ctx, { ...place, reason })],
  ['toggles.undo', 'toggle.write', (ctx) => undoChange(ctx, { changeId: '1', reason })],
  ['toggles.archive', 'toggle.write', (ctx) => archiveToggle(ctx, { ...toggle, reason })],
  ['toggles.restore', 'toggle.write', (ctx) => restoreToggle(ctx, { ...toggle, reason })],
  [
    'toggles.importFlagd',
    'toggle.write',
    (ctx) => importFlagd(ctx, importFlagdInput.parse({ environment: 'nothing', json: '{}', dryRun: true })),
  ],
  ['toggles.exportFlagd', 'read', (ctx) => exportFlagd(ctx, { environment: 'nothing', form: 'written' })],
  ['toggles.preview', 'read', (ctx) => previewToggle(ctx, { ...place, context: {} })],
  ['toggles.schedulePreview', 'read', (ctx) => previewSchedule(ctx, place)],
  ['toggles.segments.list', 'read', (ctx) => listSegments(ctx, {})],
  [
    'toggles.segments.save',
    'toggle.write',
    (ctx) => saveSegment(ctx, { ...toggle, name: 'x', description: '', reason }),
  ],
  ['toggles.segments.remove', 'toggle.write', (ctx) => removeSegment(ctx, toggle)],
  ['toggles.environments.list', 'read', (ctx) => listToggleEnvironments(ctx, {})],
  ['toggles.environments.save', 'integration.write', (ctx) => applyToggleEnvironment(ctx, { name: 'x' })],
  ['toggles.requests.list', 'read', (ctx) => listChangeRequests(ctx, { limit: 1 })],
  ['toggles.requests.get', 'read', (ctx) => getChangeRequest(ctx, { id })],
  ['toggles.requests.approve', 'toggle.review', (ctx) => approveChangeRequest(ctx, { id, comment: '' })],
  ['toggles.requests.reject', 'toggle.review', (ctx) => rejectChangeRequest(ctx, { id, comment: '' })],
  ['toggles.requests.withdraw', 'toggle.write', (ctx) => withdrawChangeRequest(ctx, { id, comment: '' })],
  ['toggles.clientKeys.list', 'read', (ctx) => listClientKeys(ctx, { revoked: false })],
  [
    'toggles.clientKeys.create',
    'integration.write',
    (ctx) => createClientKey(ctx, { name: 'x', environment: 'nothing', kind: 'server' }),
  ],
  ['toggles.clientKeys.revoke', 'integration.write', (ctx) => revokeClientKey(ctx, { id })],
];
