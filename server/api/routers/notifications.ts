import { procedure, router } from '@/server/api/trpc';
import { createEndpoint, createEndpointInput } from '@/server/services/notifications/create-endpoint';
import { listEndpoints, listEndpointsInput } from '@/server/services/notifications/list-endpoints';
import { listMessages, listMessagesInput } from '@/server/services/notifications/list-messages';
import { redeliver, redeliverInput } from '@/server/services/notifications/redeliver';
import { removeEndpoint, removeEndpointInput } from '@/server/services/notifications/remove-endpoint';
import { rotateEndpoint, rotateEndpointInput } from '@/server/services/notifications/rotate-endpoint';
import { sendTest, sendTestInput } from '@/server/services/notifications/send-test';
import { setEndpointEnabled, setEndpointEnabledInput } from '@/server/services/notifications/set-enabled';

export const notificationsRouter = router({
  listEndpoints: procedure.input(listEndpointsInput).query(({ ctx, input }) => listEndpoints(ctx, input)),
  createEndpoint: procedure
    .input(createEndpointInput)
    .mutation(({ ctx, input }) => createEndpoint(ctx, input)),
  rotateEndpoint: procedure
    .input(rotateEndpointInput)
    .mutation(({ ctx, input }) => rotateEndpoint(ctx, input)),
  removeEndpoint: procedure
    .input(removeEndpointInput)
    .mutation(({ ctx, input }) => removeEndpoint(ctx, input)),
  setEnabled: procedure
    .input(setEndpointEnabledInput)
    .mutation(({ ctx, input }) => setEndpointEnabled(ctx, input)),
  sendTest: procedure.input(sendTestInput).mutation(({ ctx, input }) => sendTest(ctx, input)),
  listMessages: procedure.input(listMessagesInput).query(({ ctx, input }) => listMessages(ctx, input)),
  redeliver: procedure.input(redeliverInput).mutation(({ ctx, input }) => redeliver(ctx, input)),
});
