import type { Message } from '@/server/domain/message';
import type { EngineServices } from '@/server/engine/services';
import type { StageState } from '@/server/engine/state';

/** What a stage really gets, or why it does not run. */
export type Resolution =
  | { readonly status: 'ready'; readonly config: Readonly<Record<string, unknown>> }
  | { readonly status: 'skip'; readonly reason: Message }
  | { readonly status: 'error'; readonly error: Message };

/** Evaluates a stage's condition and the expressions in its configuration. */
export async function resolveStage(_services: EngineServices, state: StageState): Promise<Resolution> {
  return { status: 'ready', config: state.stage.config };
}
