import { setTimeout as sleep } from 'node:timers/promises';
import { type Execution, executionSchema } from '@/cli/answers';
import { type Client, Unreachable } from '@/cli/client';
import type { Output } from '@/cli/output';
import { isComplete, type Status } from '@/server/domain/status';

const LOOK_EVERY_MS = 400;
/** The web may restart while we wait; the execution does not mind. */
const PATIENCE_MS = 120_000;

const MARK: Readonly<Record<Status, string>> = {
  pending: '·',
  running: '▸',
  paused: '‖',
  succeeded: '✓',
  failed: '✗',
  errored: '!',
  stopped: '■',
  skipped: '–',
  canceled: '×',
};

/** Follows an execution to its end, a line per change of a stage, and answers the exit code. */
export async function waitForEnd(
  client: Client,
  id: string,
  output: Output,
  judged?: string,
): Promise<0 | 1> {
  const follower = new Follower(client.connection.url, output, judged);
  let silentSince: number | null = null;
  for (;;) {
    try {
      const execution = await client.get(`/executions/${id}`, executionSchema);
      silentSince = null;
      follower.tell(execution);
      if (isComplete(execution.status)) return execution.status === 'succeeded' ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      silentSince ??= Date.now();
      if (Date.now() - silentSince > PATIENCE_MS) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Remembers what was told, so that each change is told once. */
export class Follower {
  readonly #told = new Map<string, Status>();
  readonly #gates: Set<string>;

  /** @param judged a gate that the caller has just decided, though the engine may not know yet. */
  constructor(
    readonly url: string,
    readonly output: Output,
    judged?: string,
  ) {
    this.#gates = new Set(judged === undefined ? [] : [judged]);
  }

  tell(execution: Execution): void {
    this.#tellChildren(execution, null, 0);
    for (const gate of execution.waitingFor) if (gate.kind === 'person') this.#tellGate(execution, gate);
    if (isComplete(execution.status)) this.output.line(ending(execution));
  }

  /** Begun before its children, ended after them. */
  #tellChildren(execution: Execution, parentRefId: string | null, depth: number): void {
    for (const stage of execution.stages.filter((one) => one.parentRefId === parentRefId)) {
      const ended = isComplete(stage.status);
      if (!ended) this.#tellStage(stage, depth);
      this.#tellChildren(execution, stage.refId, depth + 1);
      if (ended) this.#tellStage(stage, depth);
    }
  }

  #tellStage({ refId, name, status, error }: Execution['stages'][number], depth: number): void {
    // That something has not begun is no news.
    if (status === 'pending' || this.#told.get(refId) === status) return;
    this.#told.set(refId, status);
    this.output.line(`${MARK[status]} ${'  '.repeat(depth)}${name} ${status}${error ? `: ${error}` : ''}`);
  }

  #tellGate({ id }: Execution, { refId, who, until }: Execution['waitingFor'][number]): void {
    if (refId === null || this.#gates.has(refId)) return;
    this.#gates.add(refId);
    const people = who.length > 0 ? who.join(' or ') : 'anyone who may judge';
    this.output.line(
      [
        `  waits for ${people}${until ? ` until ${until}` : ''}`,
        `  approve: signalbox approve ${id} ${refId}    stop: signalbox stop ${id} ${refId}`,
        `  or open ${this.url}/executions/${id}`,
      ].join('\n'),
    );
  }
}

function ending({ status, sentence, error }: Execution): string {
  return `${MARK[status]} ${status}. ${sentence}${error ? ` ${error}` : ''}`;
}
