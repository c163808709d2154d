import { CloudError } from '@/server/local-cloud/errors';
import { Serial } from '@/server/local-cloud/serial';
import type { CloudState, Store } from '@/server/local-cloud/state';

/** One intended change: `id` is stable over its retries, `fence` rises with every owner of the work. */
export interface Operation {
  readonly id: string;
  readonly fence: number;
}

/** Enough for any retry that is still alive; bounds the state file to a few hundred kilobytes. */
const REMEMBERED = 2_000;

/**
 * Performs writes once per operation id: a repeated id gets the first result and changes nothing,
 * a lower fence than one already seen is refused. The result is stored in the same commit as the change.
 */
export class Operations {
  readonly #serial = new Serial();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * @param prepare work that cannot be part of the commit (such as binding a port); runs only for a
   * first attempt, and must be harmless when the change is then refused.
   */
  perform<Prepared, Result>(
    operation: Operation,
    prepare: () => Promise<Prepared>,
    change: (draft: CloudState, prepared: Prepared) => Result,
  ): Promise<{ result: Result; replayed: boolean }> {
    return this.#serial.run(() => this.#once(operation, prepare, change));
  }

  async #once<Prepared, Result>(
    operation: Operation,
    prepare: () => Promise<Prepared>,
    change: (draft: CloudState, prepared: Prepared) => Result,
  ): Promise<{ result: Result; replayed: boolean }> {
    const seen = this.#store.current.operations[operation.id];
    if (seen !== undefined && operation.fence < seen.fence) {
      throw new CloudError('fenced', `operation ${operation.id} was taken over by fence ${seen.fence}`);
    }
    if (seen !== undefined && 'result' in seen) {
      if (operation.fence > seen.fence) await this.#remember(operation, seen.result);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- stored by the same verb for the same operation
      return { result: seen.result as Result, replayed: true };
    }
    try {
      const prepared = await prepare();
      const result = await this.#store.commit((draft) => {
        const outcome = change(draft, prepared);
        record(draft, operation, { result: outcome ?? null });
        return outcome;
      });
      return { result, replayed: false };
    } catch (error) {
      // A refused attempt still proves that this fence has acted.
      if (error instanceof CloudError) await this.#store.commit((draft) => record(draft, operation, {}));
      throw error;
    }
  }

  #remember(operation: Operation, result: unknown): Promise<void> {
    return this.#store.commit((draft) => record(draft, operation, { result }));
  }
}

function record(draft: CloudState, operation: Operation, outcome: { result?: unknown }): void {
  // Deleted first: insertion order is what the oldest are dropped by.
  delete draft.operations[operation.id];
  draft.operations[operation.id] = { fence: operation.fence, ...outcome };
  const ids = Object.keys(draft.operations);
  for (const id of ids.slice(0, Math.max(0, ids.length - REMEMBERED))) delete draft.operations[id];
}
