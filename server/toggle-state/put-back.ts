import { and, asc, desc, eq, gt, isNull, ne, or } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { toggleChanges } from '@/db/schema';
import type { ToggleDefinition } from '@/server/domain/toggles';
import { readDefinition } from '@/server/toggle-state/load';

/** How a place stood before an execution began to change it. */
export interface BeforeExecution {
  /** The first of its changes, which is the one to be taken back. */
  readonly changeId: bigint;
  readonly definition: ToggleDefinition | null;
}

/**
 * What an execution's changes of a toggle in an environment have to be put back to. Null when somebody else has changed
 * it since: theirs is the last word.
 */
export async function beforeExecution(
  tx: Transaction,
  toggle: string,
  environment: string,
  executionId: string,
): Promise<BeforeExecution | null> {
  const here = and(eq(toggleChanges.toggle, toggle), eq(toggleChanges.environment, environment));
  const [other] = await tx
    .select({ id: toggleChanges.id })
    .from(toggleChanges)
    .where(and(here, or(isNull(toggleChanges.executionId), ne(toggleChanges.executionId, executionId))))
    .orderBy(desc(toggleChanges.id))
    .limit(1);
  const [first] = await tx
    .select()
    .from(toggleChanges)
    .where(and(here, other ? gt(toggleChanges.id, other.id) : undefined))
    .orderBy(asc(toggleChanges.id))
    .limit(1);
  if (!first) return null;
  return { changeId: first.id, definition: readDefinition(first.before) };
}
