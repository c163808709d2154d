import { procedure, router } from '@/server/api/trpc';
import { createWebhookSource, createWebhookSourceInput } from '@/server/services/webhooks/create-source';
import {
  listWebhookDeliveries,
  listWebhookDeliveriesInput,
} from '@/server/services/webhooks/list-deliveries';
import { listWebhookSources, listWebhookSourcesInput } from '@/server/services/webhooks/list-sources';
import { removeWebhookSource, removeWebhookSourceInput } from '@/server/services/webhooks/remove-source';
import { replayDelivery, replayDeliveryInput } from '@/server/services/webhooks/replay-delivery';
import { rotateWebhookSource, rotateWebhookSourceInput } from '@/server/services/webhooks/rotate-source';

export const webhooksRouter = router({
  listSources: procedure
    .input(listWebhookSourcesInput)
    .query(({ ctx, input }) => listWebhookSources(ctx, input)),
  createSource: procedure
    .input(createWebhookSourceInput)
    .mutation(({ ctx, input }) => createWebhookSource(ctx, input)),
  rotateSource: procedure
    .input(rotateWebhookSourceInput)
    .mutation(({ ctx, input }) => rotateWebhookSource(ctx, input)),
  removeSource: procedure
    .input(removeWebhookSourceInput)
    .mutation(({ ctx, input }) => removeWebhookSource(ctx, input)),
  listDeliveries: procedure
    .input(listWebhookDeliveriesInput)
    .query(({ ctx, input }) => listWebhookDeliveries(ctx, input)),
  replayDelivery: procedure
    .input(replayDeliveryInput)
    .mutation(({ ctx, input }) => replayDelivery(ctx, input)),
});
