import {
  type EvaluationContext,
  type FlagFile,
  segmentSchema,
  type Toggle,
  toggleSchema,
} from '@/server/domain/toggles';
import {
  type Definitions,
  factsOf,
  type StoredToggle,
} from '@/server/services/toggle-serving/read-definitions';
import { compileEnvironment } from '@/server/toggles/environment/compile-environment';
import { fileEtagOf } from '@/server/toggles/etag';
import { FlagStore } from '@/server/toggles/flag-store';

/** What one environment serves. The last good set keeps serving while the definitions cannot be used. */
export class EnvironmentFlags {
  readonly store = new FlagStore();
  /** When a schedule or an expiry changes the set by itself; null when none does. */
  nextChangeAt: Date | null = null;
  /** When the set became what it is. */
  changedAt = new Date(0);
  #text: { readonly file: FlagFile; readonly text: string } | null = null;

  constructor(readonly environment: string) {}

  /**
   * Takes the definitions as they stand now, or nothing of them.
   * @returns whether anything is served differently.
   * @throws when a toggle or a segment is malformed, or they do not go together.
   */
  take(definitions: Definitions, now: Date): boolean {
    const compiled = compileEnvironment({
      environment: this.environment,
      toggles: definitions.toggles.flatMap((stored) => toggleIn(stored, this.environment)),
      segments: definitions.segments.map((segment) => segmentSchema.parse(segment)),
      facts: factsOf(definitions, this.environment),
      now,
      metadata: { flagSetId: this.environment },
    });
    const before = this.store.set?.hash;
    this.store.replace(compiled.file);
    this.nextChangeAt = compiled.nextChangeAt;
    if (this.store.set?.hash === before) return false;
    this.changedAt = now;
    return true;
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

function toggleIn({ details, states }: StoredToggle, environment: string): Toggle[] {
  if (!Object.hasOwn(states, environment)) return [];
  return [toggleSchema.parse({ ...details, environments: { [environment]: states[environment] } })];
}
