import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db/client';
import { executions } from '@/db/schema';
import { CLOCK } from '@/server/automation/toggles-schedule';
import type { AutomationContext } from '@/server/automation/works';
import { isAppError } from '@/server/domain/errors';
import { recordAudit } from '@/server/services/audit/record';
import { renderEnglish } from '@/server/services/shared/render-english';
import { tellOfToggle } from '@/server/services/toggles/tell';
import { prepareState } from '@/server/toggle-state/prepare';
import { beforeExecution } from '@/server/toggle-state/put-back';
import { lockToggles, writeState } from '@/server/toggle-state/write';

interface Owed extends Record<string, unknown> {
  readonly toggle: string;
  readonly environment: string;
  readonly executionId: string;
  readonly changeId: string;
  readonly pipeline: string;
  readonly status: string;
}

/** Puts toggles back that a stage changed on the condition that its execution succeeds, which it did not. */
export class PutBack {
  /** Changes that cannot be taken back; told once, not every time. */
  readonly #refused = new Set<string>();

  constructor(private readonly context: AutomationContext) {}

  /** One look at the places whose newest change is an execution's. */
  async run(): Promise<void> {
    const { database, logger } = this.context;
    const { rows } = await database.db.execute<Owed>(sql`
      SELECT s.toggle, s.environment, c.id::text AS "changeId", c.execution_id AS "executionId",
             e.pipeline, e.status
      FROM toggle_states s
      CROSS JOIN LATERAL (
        SELECT id, execution_id FROM toggle_changes
        WHERE toggle = s.toggle AND environment = s.environment ORDER BY id DESC LIMIT 1) c
      JOIN executions e ON e.id = c.execution_id
      WHERE e.ended_at IS NOT NULL AND e.status <> 'succeeded' AND EXISTS (
        SELECT 1 FROM stages st WHERE st.execution_id = e.id AND st.type = 'toggle'
          AND st.outputs->>'changeId' = c.id::text AND st.outputs->'putBack' = 'true'::jsonb)
      ORDER BY c.id`);
    for (const owed of rows) {
      if (this.#refused.has(owed.changeId)) continue;
      try {
        await this.#putBack(owed);
        logger.info(owed, 'a toggle was put back');
      } catch (error) {
        if (!isAppError(error)) throw error;
        this.#refused.add(owed.changeId);
        logger.error({ ...owed, err: error }, 'a toggle could not be put back');
      }
    }
  }

  async #putBack({ toggle: key, environment, executionId, pipeline, status }: Owed): Promise<void> {
    const { database, clock, url } = this.context;
    const at = clock.now();
    await database.db.transaction(async (tx) => {
      await lockToggles(tx);
      const earlier = await beforeExecution(tx, key, environment, executionId);
      if (!earlier) return;
      const schedule = earlier.definition?.schedule.filter((one) => Date.parse(one.at) > at.getTime());
      const definition = earlier.definition && { ...earlier.definition, schedule: schedule ?? [] };
      const { row, before, next } = await prepareState(tx, { key, environment, next: () => definition }, at);
      const { application } = row;
      const reason = `put back: ${pipeline} ended as ${status}`;
      const { changeId } = await writeState(tx, {
        toggle: key,
        application,
        environment,
        before,
        definition: next,
        by: CLOCK.name,
        at,
        reason,
        undoes: earlier.changeId,
        // Its own hand: a stage of it that is done again is not told that somebody else has changed the toggle.
        executionId,
      });
      await tellOfToggle(
        tx,
        {
          event: 'toggle.returned',
          at: at.toISOString(),
          key: `toggle.returned ${changeId}`,
          toggle: { key, name: row.name, application },
          environments: [environment],
          by: CLOCK.name,
          reason: await reasonOf(tx, reason, executionId),
          executionId,
        },
        url,
      );
      await recordAudit(tx, CLOCK, {
        action: 'toggle.putBack',
        application,
        subject: `${key} in ${environment}`,
        reason,
        before: before?.definition ?? null,
        after: next,
      });
    });
  }
}

/** With the sentence by which the execution ended, where there is one. */
async function reasonOf(tx: Transaction, reason: string, executionId: string): Promise<string> {
  const [row] = await tx
    .select({ error: executions.error })
    .from(executions)
    .where(eq(executions.id, executionId));
  return row?.error ? `${reason}. ${renderEnglish(row.error)}` : reason;
}
