import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { Budget } from '@/server/providers/kubernetes/client/budget';
import type { Credentials, Door } from '@/server/providers/kubernetes/client/credentials';
import {
  isOfRights,
  refusal,
  type Status,
  type Subject,
  statusOf,
  unreachable,
} from '@/server/providers/kubernetes/client/errors';
import { ProviderError } from '@/server/providers/provider';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the server's address, with its query. */
  readonly path: string;
  readonly subject: Subject;
  readonly body?: object;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for an answer when it is not to be asked for again. */
  readonly onceWithinMs?: number;
}

export interface Answer {
  readonly code: number;
  readonly text: string;
  readonly retryAfter: number | undefined;
}

/** An answer that takes longer does not come, in ms. */
const ANSWER_MS = 30_000;
const READ_TRIES = 3;
const BUSY_TRIES = 5;
/** Longer waits that the server asks for are the caller's to take, in seconds. */
const LONGEST_WAIT = 10;

/** Everybody who is let in may ask there for their rights. */
const RIGHTS_PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const RIGHTS = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };

/** Requests to one cluster, under the account's budget, tried again where that can do no harm. */
export class Requests {
  constructor(
    private readonly credentials: Credentials,
    private readonly budget: Budget,
  ) {}

  /**
   * The answer, whatever its code. What the server was too busy for is tried again; what broke on the way only
   * when it is a read, for a write may have arrived.
   * @throws ProviderError `unavailable` when there is no answer.
   */
  async answer(call: Call): Promise<Answer> {
    let renewed = false;
    let doubted = false;
    for (let tries = 1; ; tries++) {
      await this.budget.take(call.signal);
      const door = await this.credentials.open();
      const outcome = await this.once(door, call);
      if (outcome instanceof Error) {
        this.credentials.recheck();
        if (call.method !== 'GET' || call.onceWithinMs !== undefined || tries >= READ_TRIES)
          throw unreachable(call.subject, door.server.host, outcome);
        await pause(jitter(100 * 2 ** tries), undefined, { signal: call.signal });
        continue;
      }
      if (outcome.code === 401 && !renewed) {
        renewed = true;
        this.credentials.renew();
        continue;
      }
      if (lacksRight(outcome) && !doubted) {
        doubted = true;
        await this.knowsRoles(door, call);
        continue;
      }
      const wait = this.waitBefore(call, outcome, tries);
      if (wait === null) return outcome;
      await pause(wait, undefined, { signal: call.signal });
    }
  }

  /** The body of an answer that says yes. @throws ProviderError */
  async json<T>(call: Call): Promise<T> {
    const answer = await this.answer(call);
    if (answer.code >= 300) throw refused(call, answer);
    // The API answers with what was asked for; its schema is the API server's matter.
    return JSON.parse(answer.text) as T;
  }

  /**
   * An answer that goes on, to be read as it comes. Ends with an error when nothing comes for `silenceMs`.
   * @throws ProviderError
   */
  async stream(call: Call, silenceMs: number): Promise<http.IncomingMessage> {
    for (let again = false; ; again = true) {
      await this.budget.take(call.signal);
      const door = await this.credentials.open();
      const response = await send(door, call, { silenceMs }).catch((error: unknown) => {
        call.signal?.throwIfAborted();
        this.credentials.recheck();
        throw unreachable(call.subject, door.server.host, error);
      });
      const code = response.statusCode ?? 0;
      if (code < 300) return response;
      const answer = await read(response);
      if (again || (code !== 401 && !lacksRight(answer))) throw refused(call, answer);
      if (code === 401) this.credentials.renew();
      else await this.knowsRoles(door, call);
    }
  }

  /**
   * An API server that has just started refuses what it will grant once it has read its roles. Whether a right is
   * missing is known when it says that it is ready; where it tells that to nobody, when it answers about rights.
   * @throws ProviderError `unavailable` when it is not so far.
   */
  private async knowsRoles(door: Door, { subject, signal }: Call): Promise<void> {
    const ready = await this.once(door, { subject, signal, method: 'GET', path: '/readyz' });
    if (hasCode(ready, 200)) return;
    const body = { ...RIGHTS, spec: { nonResourceAttributes: { path: '/readyz', verb: 'get' } } };
    const rights: Call = { subject, signal, method: 'POST', path: RIGHTS_PATH, body };
    // Who may ask by now whether it is ready could not a moment ago: it reads its roles one kind after the other.
    const review = hasCode(ready, 403) ? await this.once(door, rights) : ready;
    if (hasCode(review, 201) && !isAllowed(review)) return;
    throw new ProviderError(
      'unavailable',
      `The cluster at ${door.server.host} has just started and does not know yet who may ${subject.verb} what.`,
    );
  }

  /** The error when the connection broke; an abort is thrown. */
  private async once(door: Door, call: Call): Promise<Answer | Error> {
    try {
      return await read(await send(door, call, { wholeMs: call.onceWithinMs ?? ANSWER_MS }));
    } catch (error) {
      call.signal?.throwIfAborted();
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Milliseconds until the next try; null when the answer stands. */
  private waitBefore(call: Call, { code, text, retryAfter }: Answer, tries: number): number | null {
    if (code === 429) {
      if (tries >= BUSY_TRIES || isBudgetOfPods(statusOf(text))) return null;
      const seconds = retryAfter ?? 1;
      this.budget.closeFor(Math.min(seconds, LONGEST_WAIT) * 1_000);
      return seconds > LONGEST_WAIT ? null : seconds * 1_000 + jitter(100 * 2 ** tries);
    }
    if (code >= 500 && call.method === 'GET' && tries < READ_TRIES) return jitter(200 * 2 ** tries);
    return null;
  }
}

function hasCode(answer: Answer | Error, code: number): answer is Answer {
  return !(answer instanceof Error) && answer.code === code;
}

/** What a review of rights says. */
function isAllowed({ text }: Answer): boolean {
  // The API answers with what was asked for.
  const { status } = JSON.parse(text) as { status?: { allowed?: boolean } };
  return status?.allowed ?? false;
}

function lacksRight({ code, text }: Answer): boolean {
  return code === 403 && isOfRights(statusOf(text));
}

/** An eviction that a PodDisruptionBudget forbids has the code of a busy server and is none. */
export function isBudgetOfPods(status: Status): boolean {
  return status.details?.causes?.some((cause) => cause.reason === 'DisruptionBudget') ?? false;
}

export function refused(call: Call, answer: Answer): Error {
  return refusal(call.subject, answer.code, statusOf(answer.text), answer.retryAfter);
}

/** Upper half random, so that many that failed together do not come back together. */
export function jitter(ms: number): number {
  return ms / 2 + Math.random() * (ms / 2);
}

interface Patience {
  /** For the whole answer. */
  readonly wholeMs?: number;
  /** For the next part of it. */
  readonly silenceMs?: number;
}

function send(door: Door, call: Call, { wholeMs, silenceMs }: Patience): Promise<http.IncomingMessage> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const { request } = door.server.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const sending = request(`${door.server.href.replace(/\/$/, '')}${call.path}`, {
      agent: door.agent,
      method: call.method,
      ...(call.signal ? { signal: call.signal } : {}),
      headers: {
        ...door.headers,
        accept: 'application/json',
        'user-agent': 'signalbox',
        ...(body === undefined
          ? {}
          : {
              'content-type': call.contentType ?? 'application/json',
              'content-length': String(Buffer.byteLength(body)),
            }),
      },
    });
    const giveUp = (ms: number) => sending.destroy(new Error(`nothing came for ${ms / 1_000} s`));
    if (silenceMs !== undefined) sending.setTimeout(silenceMs, () => giveUp(silenceMs));
    if (wholeMs !== undefined) {
      const timer = setTimeout(() => giveUp(wholeMs), wholeMs);
      sending.on('close', () => clearTimeout(timer));
    }
    sending.on('error', reject).on('response', resolve).end(body);
  });
}

function read(response: http.IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    // A connection that breaks in the middle ends without an error.
    response.on('close', () => reject(new Error('the connection broke')));
    response.on('end', () => {
      const after = Number(response.headers['retry-after'] ?? Number.NaN);
      resolve({
        code: response.statusCode ?? 0,
        text: Buffer.concat(chunks).toString('utf8'),
        retryAfter: Number.isFinite(after) ? after : undefined,
      });
    });
  });
}
