import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { recordEvents } from '@/db/events';
import { toggleChanges, toggleEnvironments, toggleStates } from '@/db/schema';
import { AppError } from '@/server/domain/errors';
import type { ToggleDefinition } from '@/server/domain/toggles';
import type { EnvironmentRow, StateRow } from '@/server/toggle-state/load';

/**
 * Lets one change of toggles through at a time: what is sound depends on all others, in every environment.
 * To be called first in every transaction that changes any of them.
 */
export async function lockToggles(tx: Transaction): Promise<EnvironmentRow[]> {
  // The rows alone would let everyone through where there is no environment yet.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('toggles'))`);
  return tx.select().from(toggleEnvironments).orderBy(toggleEnvironments.name).for('no key update');
}

export interface StateChange {
  readonly toggle: string;
  readonly application: string | null;
  readonly environment: string;
  /** As it stands; null when it is new there. */
  readonly before: StateRow | null;
  /** Null takes the toggle out of the environment. */
  readonly definition: ToggleDefinition | null;
  /** Name of who did it. */
  readonly by: string;
  readonly at: Date;
  readonly reason?: string | null;
  readonly undoes?: bigint | null;
  readonly executionId?: string | null;
}

/** Writes how a toggle stands, with its history and the event that every process follows. */
export async function writeState(
  tx: Transaction,
  change: StateChange,
): Promise<{ changeId: bigint; revision: number }> {
  const { toggle, environment, before, definition, by, at } = change;
  const revision = definition ? (before?.revision ?? 0) + 1 : 0;
  const which = and(eq(toggleStates.toggle, toggle), eq(toggleStates.environment, environment));
  if (definition) {
    const values = { definition, revision, updatedAt: at, updatedBy: by };
    await tx
      .insert(toggleStates)
      .values({ toggle, environment, ...values })
      .onConflictDoUpdate({ target: [toggleStates.toggle, toggleStates.environment], set: values });
  } else await tx.delete(toggleStates).where(which);
  const changeId = await recordChange(tx, {
    ...change,
    before: before?.definition ?? null,
    after: definition,
  });
  return { changeId, revision };
}

export interface ToggleChange
  extends Pick<StateChange, 'toggle' | 'application' | 'by' | 'at' | 'reason' | 'undoes' | 'executionId'> {
  /** Null for what is the same everywhere. */
  readonly environment: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

/** Writes the history of a toggle, and the event. */
export async function recordChange(tx: Transaction, change: ToggleChange): Promise<bigint> {
  const { toggle, environment, before, after, reason, undoes, executionId, by, at } = change;
  const [row] = await tx
    .insert(toggleChanges)
    .values({
      toggle,
      environment,
      before,
      after,
      reason: reason || null,
      undoes: undoes ?? null,
      executionId: executionId ?? null,
      by,
      at,
    })
    .returning({ id: toggleChanges.id });
  if (!row) throw new AppError('internal', 'The change could not be recorded. Try again.');
  await recordEvents(tx, [{ kind: 'toggle', application: change.application, subject: toggle }]);
  return row.id;
}

/** The row of a toggle in one environment, to be changed in this transaction. */
export async function readState(
  tx: Transaction,
  toggle: string,
  environment: string,
): Promise<StateRow | null> {
  const [row] = await tx
    .select()
    .from(toggleStates)
    .where(and(eq(toggleStates.toggle, toggle), eq(toggleStates.environment, environment)));
  return row ?? null;
}
