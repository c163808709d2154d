import { procedure, router } from '@/server/api/trpc';
import {
  applyToggleEnvironment,
  applyToggleEnvironmentInput,
} from '@/server/services/toggles/apply-environment';
import { approveChangeRequest, decideChangeRequestInput } from '@/server/services/toggles/approve-request';
import { archiveToggle, archiveToggleInput } from '@/server/services/toggles/archive';
import { countToggle, toggleCountsInput } from '@/server/services/toggles/counts';
import { createToggle, createToggleInput } from '@/server/services/toggles/create';
import { createClientKey, createClientKeyInput } from '@/server/services/toggles/create-client-key';
import { exportFlagd, exportFlagdInput } from '@/server/services/toggles/export-flagd';
import { getToggle, getToggleInput } from '@/server/services/toggles/get';
import { changeRequestInput, getChangeRequest } from '@/server/services/toggles/get-request';
import { readGoals, toggleGoalsInput } from '@/server/services/toggles/goals';
import { toggleHistory, toggleHistoryInput } from '@/server/services/toggles/history';
import { importFlagd, importFlagdInput } from '@/server/services/toggles/import-flagd';
import { killInput, killToggle } from '@/server/services/toggles/kill';
import { listToggles, listTogglesInput } from '@/server/services/toggles/list';
import { listClientKeys, listClientKeysInput } from '@/server/services/toggles/list-client-keys';
import {
  listToggleEnvironments,
  listToggleEnvironmentsInput,
} from '@/server/services/toggles/list-environments';
import { listChangeRequests, listChangeRequestsInput } from '@/server/services/toggles/list-requests';
import { listSegments, listSegmentsInput } from '@/server/services/toggles/list-segments';
import { previewToggle, previewToggleInput } from '@/server/services/toggles/preview';
import { rampToggle, rampToggleInput } from '@/server/services/toggles/ramp';
import { rejectChangeRequest } from '@/server/services/toggles/reject-request';
import { removeSegment, removeSegmentInput } from '@/server/services/toggles/remove-segment';
import { restoreToggle, restoreToggleInput } from '@/server/services/toggles/restore';
import { revokeClientKey, revokeClientKeyInput } from '@/server/services/toggles/revoke-client-key';
import { saveSegment, saveSegmentInput } from '@/server/services/toggles/save-segment';
import { previewSchedule, schedulePreviewInput } from '@/server/services/toggles/schedule-preview';
import { setDefinitionInput, setToggleDefinition } from '@/server/services/toggles/set-definition';
import { setOnInput, setToggleOn } from '@/server/services/toggles/set-on';
import { listStaleToggles, staleTogglesInput } from '@/server/services/toggles/stale';
import { stopRamp, stopRampInput } from '@/server/services/toggles/stop-ramp';
import { undoChange, undoChangeInput } from '@/server/services/toggles/undo';
import { updateDetailsInput, updateToggleDetails } from '@/server/services/toggles/update-details';
import { withdrawChangeRequest } from '@/server/services/toggles/withdraw-request';

const segmentsRouter = router({
  list: procedure.input(listSegmentsInput).query(({ ctx, input }) => listSegments(ctx, input)),
  save: procedure.input(saveSegmentInput).mutation(({ ctx, input }) => saveSegment(ctx, input)),
  remove: procedure.input(removeSegmentInput).mutation(({ ctx, input }) => removeSegment(ctx, input)),
});

const environmentsRouter = router({
  list: procedure
    .input(listToggleEnvironmentsInput)
    .query(({ ctx, input }) => listToggleEnvironments(ctx, input)),
  // `apply` is a word that tRPC keeps for itself.
  save: procedure
    .input(applyToggleEnvironmentInput)
    .mutation(({ ctx, input }) => applyToggleEnvironment(ctx, input)),
});

const requestsRouter = router({
  list: procedure.input(listChangeRequestsInput).query(({ ctx, input }) => listChangeRequests(ctx, input)),
  get: procedure.input(changeRequestInput).query(({ ctx, input }) => getChangeRequest(ctx, input)),
  approve: procedure
    .input(decideChangeRequestInput)
    .mutation(({ ctx, input }) => approveChangeRequest(ctx, input)),
  reject: procedure
    .input(decideChangeRequestInput)
    .mutation(({ ctx, input }) => rejectChangeRequest(ctx, input)),
  withdraw: procedure
    .input(decideChangeRequestInput)
    .mutation(({ ctx, input }) => withdrawChangeRequest(ctx, input)),
});

const clientKeysRouter = router({
  list: procedure.input(listClientKeysInput).query(({ ctx, input }) => listClientKeys(ctx, input)),
  create: procedure.input(createClientKeyInput).mutation(({ ctx, input }) => createClientKey(ctx, input)),
  revoke: procedure.input(revokeClientKeyInput).mutation(({ ctx, input }) => revokeClientKey(ctx, input)),
});

export const togglesRouter = router({
  list: procedure.input(listTogglesInput).query(({ ctx, input }) => listToggles(ctx, input)),
  get: procedure.input(getToggleInput).query(({ ctx, input }) => getToggle(ctx, input)),
  history: procedure.input(toggleHistoryInput).query(({ ctx, input }) => toggleHistory(ctx, input)),
  counts: procedure.input(toggleCountsInput).query(({ ctx, input }) => countToggle(ctx, input)),
  goals: procedure.input(toggleGoalsInput).query(({ ctx, input }) => readGoals(ctx, input)),
  stale: procedure.input(staleTogglesInput).query(({ ctx, input }) => listStaleToggles(ctx, input)),
  create: procedure.input(createToggleInput).mutation(({ ctx, input }) => createToggle(ctx, input)),
  updateDetails: procedure
    .input(updateDetailsInput)
    .mutation(({ ctx, input }) => updateToggleDetails(ctx, input)),
  setDefinition: procedure
    .input(setDefinitionInput)
    .mutation(({ ctx, input }) => setToggleDefinition(ctx, input)),
  setOn: procedure.input(setOnInput).mutation(({ ctx, input }) => setToggleOn(ctx, input)),
  kill: procedure.input(killInput).mutation(({ ctx, input }) => killToggle(ctx, input)),
  ramp: procedure.input(rampToggleInput).mutation(({ ctx, input }) => rampToggle(ctx, input)),
  stopRamp: procedure.input(stopRampInput).mutation(({ ctx, input }) => stopRamp(ctx, input)),
  undo: procedure.input(undoChangeInput).mutation(({ ctx, input }) => undoChange(ctx, input)),
  archive: procedure.input(archiveToggleInput).mutation(({ ctx, input }) => archiveToggle(ctx, input)),
  restore: procedure.input(restoreToggleInput).mutation(({ ctx, input }) => restoreToggle(ctx, input)),
  importFlagd: procedure.input(importFlagdInput).mutation(({ ctx, input }) => importFlagd(ctx, input)),
  exportFlagd: procedure.input(exportFlagdInput).query(({ ctx, input }) => exportFlagd(ctx, input)),
  // Read only; mutations because a draft is too long for an address.
  preview: procedure.input(previewToggleInput).mutation(({ ctx, input }) => previewToggle(ctx, input)),
  schedulePreview: procedure
    .input(schedulePreviewInput)
    .mutation(({ ctx, input }) => previewSchedule(ctx, input)),
  segments: segmentsRouter,
  environments: environmentsRouter,
  requests: requestsRouter,
  clientKeys: clientKeysRouter,
});
