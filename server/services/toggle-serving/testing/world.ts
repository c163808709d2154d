import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import type { Database } from '@/db/client';
import { recordEvents } from '@/db/events';
import { toggleClientKeys, toggleEnvironments, toggleStates, toggles } from '@/db/schema';
import { type Clock, systemClock } from '@/server/domain/clock';
import { type ToggleDefinitionInput, toggleDefinitionSchema, type Variants } from '@/server/domain/toggles';
import { generateToken, hashToken } from '@/server/services/auth/token';
import { ToggleServing } from '@/server/services/toggle-serving/serving';

export const ON_OFF: Variants = { on: true, off: false };
export const SECRET = 'a secret of at least thirty-two characters';

/** Toggles, as the services write them, and a process that serves them. */
export class ToggleWorld {
  constructor(readonly db: Database) {}

  serving(clock: Clock = systemClock): ToggleServing {
    return new ToggleServing({ db: this.db, clock, log: pino({ level: 'silent' }), secret: SECRET });
  }

  async environment(name: string): Promise<void> {
    await this.db.insert(toggleEnvironments).values({ name }).onConflictDoNothing();
    await this.tell(name);
  }

  /** How a toggle stands in an environment; the toggle is made when it is not there. */
  async set(
    key: string,
    environment: string,
    definition: Partial<ToggleDefinitionInput> = {},
    toggle: { variants?: Variants; kind?: 'release' | 'experiment' } = {},
  ): Promise<void> {
    const { variants = ON_OFF, kind = 'release' } = toggle;
    const own = toggleDefinitionSchema.parse({ on: true, defaultVariant: 'on', ...definition });
    await this.db
      .insert(toggles)
      .values({ key, name: key, kind, variants, createdBy: 'x', updatedBy: 'x' })
      .onConflictDoNothing();
    await this.db
      .insert(toggleStates)
      .values({ toggle: key, environment, definition: own, updatedBy: 'x' })
      .onConflictDoUpdate({
        target: [toggleStates.toggle, toggleStates.environment],
        set: { definition: own, revision: sql`${toggleStates.revision} + 1` },
      });
    await this.tell(key);
  }

  async clientKey(environment: string, kind: 'server' | 'web' = 'server'): Promise<string> {
    const text = generateToken();
    await this.db.insert(toggleClientKeys).values({
      name: 'test',
      environment,
      kind,
      prefix: text.slice(0, 8),
      hash: hashToken(text),
      createdBy: 'x',
    });
    await this.tell('key');
    return text;
  }

  /** The event that makes every process read again. */
  async tell(subject: string): Promise<void> {
    await this.db.transaction((tx) => recordEvents(tx, [{ kind: 'toggle', subject }]));
  }
}
