import type { Logger } from '@openfeature/core';
import { FeatureFlag } from '@openfeature/flagd-core';
import type { EvaluationContext, Targeting } from '@/server/domain/toggles';

/** flagd-core's own type of a context is narrower than what it takes, which is any JSON. */
export type LibraryContext = Parameters<FeatureFlag['evaluate']>[0];

const nothing = () => undefined;

/** flagd-core explains itself in debug lines for every evaluation; nobody reads them here. */
export const SILENT: Logger = { error: nothing, warn: nothing, info: nothing, debug: nothing };

/**
 * What flagd answers to one question, asked apart from any flag that is served.
 * @param key of the flag by whose name people are split.
 */
export class Question {
  private readonly flag: FeatureFlag;

  constructor(targeting: Targeting, answers: readonly string[], key = 'question') {
    this.flag = new FeatureFlag(
      key,
      {
        state: 'ENABLED',
        variants: Object.fromEntries(answers.map((answer) => [answer, answer])),
        defaultVariant: '',
        // The library's type says text where it takes the parsed expression.
        targeting: targeting as unknown as string,
      },
      SILENT,
    );
  }

  /** One of the answers; `none` when the targeting gives none, `failed` when it cannot be worked out. */
  ask(context: EvaluationContext): { answer: string } | 'none' | 'failed' {
    const { reason, variant } = this.flag.evaluate(context as LibraryContext, SILENT);
    if (reason === 'ERROR') return 'failed';
    return variant === undefined || variant === '' ? 'none' : { answer: variant };
  }
}
