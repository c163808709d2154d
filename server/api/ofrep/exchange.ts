import type { StreamClient } from '@/server/services/toggle-serving/flag-streams';

/**
 * A request and its answer as these doors know them, so that the same handlers serve as Next's route handlers and
 * beside Next: going through it costs several times what an evaluation does.
 */
export interface Exchange {
  readonly method: string;
  /** As it came, percent signs included. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  /** @param name in lower case. */
  header(name: string): string | null;
  /** @throws AppError `too_large` as soon as it exceeds the limit. */
  body(limitBytes: number): Promise<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Of an answer that goes on after its body: where the rest comes from. It returns how to leave. */
  readonly open?: (sink: Pick<StreamClient, 'send' | 'close'>) => () => void;
}

export type Handler = (exchange: Exchange) => Promise<Answer>;

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
