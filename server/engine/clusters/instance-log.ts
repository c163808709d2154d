import type { Instance, ServerGroup } from '@/server/domain/inventory';
import { maskText } from '@/server/domain/mask';
import { type Message, message } from '@/server/domain/message';
import { tellingLineOf } from '@/server/domain/telling-line';
import { environmentOf } from '@/server/engine/clusters/environment';
import type { GroupTarget } from '@/server/engine/clusters/target';
import type { StageContext } from '@/server/engine/stages/stage';

const TOLD_LINES = 20;
const TOLD_CHARACTERS = 500;

export interface LastWords {
  /** For the stage's log. */
  readonly log: readonly Message[];
  /** The line that says most, or an empty text. */
  readonly telling: string;
}

const NONE: LastWords = { log: [], telling: '' };

/** What an instance that is not going to make it wrote at last. Its failure is told without it, too. */
export async function lastWords(
  context: StageContext<GroupTarget>,
  group: ServerGroup,
  instance: Instance,
): Promise<LastWords> {
  const { config, services, signal } = context;
  const text = await read(context, group, instance, signal).catch(() => '');
  if (text === '') return NONE;
  const environment = await environmentOf(services.db, config.account, config.cluster);
  const lines = maskText(text, Object.values(environment?.config ?? {}))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-TOLD_LINES);
  return {
    log: [
      message('engine.health.lastLines', { instance: instance.id }),
      ...lines.map((line) => message('literal', { text: line.slice(0, TOLD_CHARACTERS) })),
    ],
    telling: tellingLineOf(lines) ?? '',
  };
}

async function read(
  { services, config }: StageContext<GroupTarget>,
  { region, name }: ServerGroup,
  instance: Instance,
  signal: AbortSignal,
): Promise<string> {
  const provider = await services.provider(config.account);
  return (await provider.readLog?.({ region, name }, instance.id, TOLD_LINES, signal)) ?? '';
}
