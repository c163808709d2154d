import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { type RuleList, ruleListSchema } from '@/server/domain/toggle-rules';
import { flagKeySchema, type ToggleDefinition, toggleDefinitionSchema } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { requirePermission, type ServiceContext } from '@/server/services/context';
import { requireNoIssues } from '@/server/services/shared/issues';
import { unstorable } from '@/server/services/shared/storable';
import { changeState } from '@/server/services/toggles/change-state';
import { reasonSchema } from '@/server/services/toggles/reason';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { needlessMoves, steadied } from '@/server/toggles/rules/steady';
import { toTargeting } from '@/server/toggles/rules/to-targeting';

export const setDefinitionInput = z.object({
  key: flagKeySchema,
  environment: z.string(),
  /** Left out: the one that stands there, with other rules. */
  definition: toggleDefinitionSchema.optional(),
  /** In place of the definition's targeting. */
  rules: ruleListSchema.optional(),
  /** True: people may lose a variant whose share does not shrink. Otherwise buckets are put in order, or it is refused. */
  movesPeople: z.boolean().default(false),
  /** The one that was looked at, 0 for none: refused when it is another by now. Left out, it is replaced anyway. */
  revision: z.number().int().min(0).optional(),
  reason: reasonSchema,
});
type Input = z.output<typeof setDefinitionInput>;

/** Says how a toggle stands in an environment. Where that demands review, it becomes a change request. */
export async function setToggleDefinition(ctx: ServiceContext, input: Input): Promise<ToggleChangeOutcome> {
  const actor = requirePermission(ctx, 'toggle.write');
  requireNoIssues('definition', unstorable({ definition: input.definition, rules: input.rules }));
  const now = ctx.clock.now();
  return ctx.db.transaction((tx) =>
    changeState(
      tx,
      actor,
      { ...input, action: 'toggle.define', next: (current) => nextOf(input, current, now) },
      now,
    ),
  );
}

function nextOf(
  { key, environment, definition, rules, movesPeople }: Input,
  current: ToggleDefinition | null,
  now: Date,
): ToggleDefinition {
  if (!definition && !rules) {
    throw new AppError('bad_request', 'Say what changes: give a definition, or rules.');
  }
  const base = definition ?? current;
  if (!base) {
    throw new AppError(
      'not_found',
      `“${key}” does not stand in ${environment} yet. Give a whole definition first.`,
    );
  }
  const past = definition?.schedule.findIndex(({ at }) => Date.parse(at) <= now.getTime()) ?? -1;
  if (past >= 0) {
    throw new AppError(
      'unprocessable',
      `schedule[${past}].at lies in the past. Choose a later time, or make the change now.`,
    );
  }
  const next = rules ? { ...base, targeting: toTargeting(orderedRules(rules, current, movesPeople)) } : base;
  if (!movesPeople) requireNobodyMoved(current, next);
  return next;
}

/** Who sends percentages seldom thinks of the order of buckets, by which people are told apart. */
function orderedRules(rules: RuleList, current: ToggleDefinition | null, movesPeople: boolean): RuleList {
  const before = current && fromTargeting(current.targeting);
  return movesPeople ? rules : steadied(before, rules);
}

/** @throws AppError `conflict` when people would lose a variant whose share does not shrink. */
function requireNobodyMoved(current: ToggleDefinition | null, next: ToggleDefinition): void {
  const [before, after] = [current, next].map((one) => one && fromTargeting(one.targeting));
  if (!before || !after) return;
  const moves = needlessMoves(before, after);
  if (moves?.length === 0) return;
  const said = moves
    ? moves.map(
        ({ percent, from, to }) => `${Number(percent.toFixed(1))} % of people move from ${from} to ${to}`,
      )
    : ['Splitting by another attribute draws everyone anew'];
  throw new AppError(
    'conflict',
    `${said.join('; ')}, though nothing shrinks so far. Keep the order of the buckets, or say movesPeople=true if that is meant.`,
    { moves },
  );
}
