import type { Evaluation, EvaluationContext, FlagValueType } from '@/server/domain/toggles';
import { compile, evaluate, evaluateAll } from '@/server/toggles/evaluate';
import type { FlagSet } from '@/server/toggles/flag-set';

/** The set of one environment that this process serves from memory. The last good one keeps serving. */
export class FlagStore {
  private current: FlagSet | null = null;

  /** Null before the first good file. */
  get set(): FlagSet | null {
    return this.current;
  }

  /**
   * Takes a new file, or none of it.
   * @returns the keys of flags that were added, changed or removed.
   * @throws AppError unprocessable, as `compile`; what was served before is served on.
   */
  replace(file: unknown): string[] {
    const before = this.current;
    const next = compile(file, before ?? undefined);
    this.current = next;
    const keys = new Set([...(before?.flags.keys() ?? []), ...next.flags.keys()]);
    return [...keys].filter((key) => before?.flags.get(key)?.hash !== next.flags.get(key)?.hash);
  }

  /** As `evaluate` of the current set; PROVIDER_NOT_READY before there is one. */
  evaluate(key: string, context: EvaluationContext, expectedType?: FlagValueType): Evaluation {
    if (this.current) return evaluate(this.current, key, context, expectedType);
    const errorDetails = 'The flags of this environment have not been loaded yet; ask again in a moment.';
    return { key, reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY', errorDetails, metadata: {} };
  }

  /** As `evaluateAll` of the current set; nothing before there is one. */
  evaluateAll(context: EvaluationContext): Evaluation[] {
    return this.current ? evaluateAll(this.current, context) : [];
  }
}
