import { artifact } from '@/server/automation/triggers/artifact';
import { cron } from '@/server/automation/triggers/cron';
import { git } from '@/server/automation/triggers/git';
import { registry } from '@/server/automation/triggers/image-registry';
import { pipeline } from '@/server/automation/triggers/pipeline';
import type { TriggerType } from '@/server/automation/triggers/trigger';
import { webhook } from '@/server/automation/triggers/webhook';

/** Every kind of trigger: one line each. Forms, validation and the catalogue page read this. */
export const triggerTypes: Readonly<Record<string, TriggerType>> = {
  artifact,
  cron,
  git,
  pipeline,
  registry,
  webhook,
};
