import type { DatabaseHandle } from '@/db/client';
import type { BackgroundWork } from '@/server/automation/background';
import type { Clock } from '@/server/domain/clock';
import type { Logger } from '@/server/log';
import type { SecretBox } from '@/server/secrets/seal';

/** What background work may reach. */
export interface AutomationContext {
  readonly database: DatabaseHandle;
  readonly clock: Clock;
  readonly secrets: SecretBox;
  readonly logger: Logger;
  /** Where people reach this installation; for links in messages. */
  readonly url: string;
}

/** Everything that goes on by itself in a worker: one line each. */
export function backgroundWorks(_context: AutomationContext): readonly BackgroundWork[] {
  return [];
}
