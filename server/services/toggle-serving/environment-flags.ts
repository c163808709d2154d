import { isAppError } from '@/server/domain/errors';
import {
  type EvaluationContext,
  type FlagFile,
  type FlagIssue,
  segmentSchema,
  type Toggle,
  toggleSchema,
} from '@/server/domain/toggles';
import { type Definitions, factsOf } from '@/server/services/toggle-serving/read-definitions';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { fileEtagOf } from '@/server/toggles/etag';
import { FlagStore } from '@/server/toggles/flag-store';

export interface Taken {
  /** Whether anything is served differently now. */
  readonly isChanged: boolean;
  /** What is wrong with toggles that are served as they were when they were last right, by their keys. */
  readonly faults: ReadonlyMap<string, unknown>;
}

/** What one environment serves. What was right last keeps serving in place of definitions that cannot be used. */
export class EnvironmentFlags {
  readonly store = new FlagStore();
  /** When a schedule or an expiry changes the set by itself; null when none does. */
  nextChangeAt: Date | null = null;
  /** When the set became what it is. */
  changedAt = new Date(0);
  #good: ReadonlyMap<string, Toggle> = new Map();
  #text: { readonly file: FlagFile; readonly text: string } | null = null;

  constructor(readonly environment: string) {}

  /**
   * Takes the definitions as they stand now. One that is malformed must not keep others from being switched off: it
   * alone stays as it was.
   * @throws when they do not go together even so; then nothing of them is taken.
   */
  take(definitions: Definitions, now: Date): Taken {
    const faults = new Map<string, unknown>();
    const toggles = this.#read(definitions, faults);
    const before = this.store.set?.hash;
    try {
      this.#replace(definitions, toggles, now);
    } catch (error) {
      const keys = faultyKeys(error, toggles);
      if (keys.length === 0) throw error;
      for (const key of keys) {
        faults.set(key, error);
        this.#fallBack(key, toggles);
      }
      this.#replace(definitions, toggles, now);
    }
    this.#good = toggles;
    const isChanged = this.store.set?.hash !== before;
    if (isChanged) this.changedAt = now;
    return { isChanged, faults };
  }

  #read(definitions: Definitions, faults: Map<string, unknown>): Map<string, Toggle> {
    const toggles = new Map<string, Toggle>();
    for (const { key, details, states } of definitions.toggles) {
      if (!Object.hasOwn(states, this.environment)) continue;
      const environments = { [this.environment]: states[this.environment] };
      const read = toggleSchema.safeParse({ ...details, environments });
      if (read.success) toggles.set(key, read.data);
      else {
        faults.set(key, read.error);
        this.#fallBack(key, toggles);
      }
    }
    return toggles;
  }

  /** One that never was right is not there, which leaves it to the default in the code. */
  #fallBack(key: string, toggles: Map<string, Toggle>): void {
    const good = this.#good.get(key);
    if (good) toggles.set(key, good);
    else toggles.delete(key);
  }

  #replace(definitions: Definitions, toggles: ReadonlyMap<string, Toggle>, now: Date): void {
    const compiled = compileEnvironment({
      environment: this.environment,
      toggles: [...toggles.values()],
      segments: definitions.segments.map((segment) => segmentSchema.parse(segment)),
      facts: factsOf(definitions, this.environment),
      now,
      metadata: { flagSetId: this.environment },
    });
    this.store.replace(compiled.file);
    this.nextChangeAt = compiled.nextChangeAt;
  }

  /** Null before the first good set. */
  get etag(): string | null {
    return this.store.set ? fileEtagOf(this.store.set) : null;
  }

  /** The flagd file as text, for in-process providers. */
  get fileText(): string | null {
    const file = this.store.set?.file;
    if (!file) return null;
    if (this.#text?.file !== file) this.#text = { file, text: JSON.stringify(file) };
    return this.#text.text;
  }

  evaluate(key: string, context: EvaluationContext) {
    return this.store.evaluate(key, context);
  }
}

/** The toggles that a refusal names, by the places of its issues. */
function faultyKeys(error: unknown, toggles: ReadonlyMap<string, Toggle>): string[] {
  if (!isAppError(error) || !Array.isArray(error.details?.issues)) return [];
  // `refusal` puts issues there, and nothing else does.
  const issues = error.details.issues as readonly FlagIssue[];
  const byLength = [...toggles.keys()].toSorted((a, b) => b.length - a.length);
  return issues.flatMap(({ path }) => {
    const rest = path.startsWith('flags.') ? path.slice('flags.'.length) : '';
    // Keys may hold dots: the longest that fits is meant.
    return byLength.find((key) => rest === key || rest.startsWith(`${key}.`)) ?? [];
  });
}
