import type { Logger } from '@openfeature/core';
import {
  EVALUATION_ERROR_CODES,
  type Evaluation,
  type EvaluationContext,
  type EvaluationErrorCode,
  type FailedEvaluation,
  type FlagMetadata,
  type FlagValue,
  type FlagValueType,
  type ServedEvaluation,
} from '@/server/domain/toggles';
import type { CompiledFlag, FlagSet } from '@/server/toggles/flag-set';
import { type LibraryContext, SILENT } from '@/server/toggles/library';
import { checkFile, refusal } from '@/server/toggles/validate';

/**
 * An immutable set that is evaluated without any I/O.
 * @param file a flagd file; every `$ref` and every variant that it names must be there.
 * @param previous the set that it takes the place of; flags that are the same in it are not compiled again.
 * @throws AppError unprocessable, with `details.issues: FlagIssue[]`.
 */
export function compile(file: unknown, previous?: FlagSet): FlagSet {
  const check = checkFile(file, previous);
  if (!check.ok) throw refusal(check.issues);
  return check.set;
}

/**
 * What this context gets. It never throws. The answers are flagd-core's, but for one: where a split by the targeting
 * key is met and the context has none, flagd serves the default variant without a word, and here it is
 * TARGETING_KEY_MISSING, as OpenFeature asks.
 * @param expectedType when the caller knows it; another one is TYPE_MISMATCH.
 */
export function evaluate(
  set: FlagSet,
  key: string,
  context: EvaluationContext,
  expectedType?: FlagValueType,
): Evaluation {
  const flag = set.flags.get(key);
  if (!flag) return failed(key, 'FLAG_NOT_FOUND', `There is no flag “${key}”.`, set.metadata);
  return evaluateFlag(key, flag, context, expectedType);
}

/** Every flag of the set, in the order of the file: disabled ones without a value, failures as failures. */
export function evaluateAll(set: FlagSet, context: EvaluationContext): Evaluation[] {
  const all: Evaluation[] = [];
  for (const [key, flag] of set.flags) all.push(evaluateFlag(key, flag, context));
  return all;
}

function evaluateFlag(
  key: string,
  flag: CompiledFlag,
  context: EvaluationContext,
  expectedType?: FlagValueType,
): Evaluation {
  const found = flag.constant ?? byTargeting(key, flag, context);
  if (expectedType === undefined || found.value === undefined || typeof found.value === expectedType)
    return found;
  const details = `The flag “${key}” has values of type ${typeof found.value}, not ${expectedType}.`;
  return failed(key, 'TYPE_MISMATCH', details, flag.metadata);
}

function byTargeting(key: string, flag: CompiledFlag, context: EvaluationContext): Evaluation {
  const { metadata } = flag;
  const watch = flag.splitsByKey && !context.targetingKey ? keyWatch() : null;
  const found = resolved(flag, context, watch ?? SILENT);
  if (!found)
    return failed(key, 'GENERAL', `The targeting of the flag “${key}” answers no variant.`, metadata);
  if (watch?.missed) {
    const details = `The flag “${key}” splits people by their targeting key, and the context has none.`;
    return failed(key, 'TARGETING_KEY_MISSING', details, metadata);
  }
  if (found.reason === 'ERROR') {
    const details = `${found.errorMessage ?? 'It cannot be evaluated'}.`;
    return failed(key, codeOf(found.errorCode ?? 'GENERAL'), details, metadata);
  }
  const { value, variant, reason } = found;
  if (value === undefined || value === null || variant === undefined) {
    return { key, reason: 'DEFAULT', metadata };
  }
  // Validated variants: every value is one of these types.
  return { key, reason: servedReason(reason), value: value as FlagValue, variant, metadata };
}

function resolved(flag: CompiledFlag, context: EvaluationContext, logger: Logger) {
  try {
    return flag.feature.evaluate(context as LibraryContext, logger);
  } catch {
    // flagd-core makes text of the answer unguarded: an object with a `toString` of its own makes it throw.
    return null;
  }
}

/** flagd-core says only in a debug line that a split found no targeting key. */
const KEY_MISSED = 'Missing targetingKey';

function keyWatch(): Logger & { missed: boolean } {
  const watch = {
    ...SILENT,
    missed: false,
    debug: (line: unknown) => {
      if (typeof line === 'string' && line.startsWith(KEY_MISSED)) watch.missed = true;
    },
  };
  return watch;
}

function servedReason(reason: string): ServedEvaluation['reason'] {
  return reason === 'STATIC' || reason === 'TARGETING_MATCH' ? reason : 'DEFAULT';
}

const CODES: ReadonlySet<string> = new Set(EVALUATION_ERROR_CODES);

function codeOf(code: string): EvaluationErrorCode {
  return isCode(code) ? code : 'GENERAL';
}

function isCode(code: string): code is EvaluationErrorCode {
  return CODES.has(code);
}

function failed(
  key: string,
  errorCode: EvaluationErrorCode,
  errorDetails: string,
  metadata: FlagMetadata,
): FailedEvaluation {
  return { key, reason: 'ERROR', errorCode, errorDetails, metadata };
}
