import { z } from 'zod';
import type { TriggerType } from '@/server/automation/triggers/trigger';

const configSchema = z.object({
  source: z.string().meta({ widget: 'webhookSource' }),
  /** Only events of this name; any when absent. */
  event: z.string().max(200).optional(),
});

/** Starts for whatever a source sends, as far as the trigger's constraints let it. */
export const webhook: TriggerType<z.infer<typeof configSchema>> = {
  type: 'webhook',
  label: 'Webhook',
  configSchema,
  startsAs: 'webhook',
  match({ source, event, deliveryId, payload }, { config }) {
    if (source !== config.source || (config.event !== undefined && config.event !== event)) return null;
    return { dedupe: `${source} ${deliveryId}`, note: `${event} from ${source}`, payload };
  },
};
