import type { judgments } from '@/db/schema';
import type { JudgmentView } from '@/server/domain/views/execution';
import { iso } from '@/server/services/shared/sql';

/** A decision as people see it, without the evidence that is kept with it. */
export function judgmentView(row: typeof judgments.$inferSelect): JudgmentView {
  return { decision: row.decision, input: row.input, comment: row.comment, by: row.by, at: iso(row.at) };
}
