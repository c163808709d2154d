import type { KindName } from '@/server/providers/kubernetes/client/api';
import { ProviderError } from '@/server/providers/provider';

/** What a request was about, for the sentence that tells why it failed. */
export interface Subject {
  readonly verb: string;
  readonly kind: KindName | 'APIs';
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** `v1.Status`, as far as it is read. */
export interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
    readonly retryAfterSeconds?: number;
  };
}

/** Another manager holds fields that were to be applied. */
export class OwnedByOthers extends ProviderError {
  constructor(
    readonly managers: readonly string[],
    sentence: string,
  ) {
    super('conflict', sentence);
  }
}

/** A body that should be a Status; text and pages of proxies in between are its message. */
export function statusOf(text: string): Status {
  try {
    // Every refusal of the API is a Status; what is read of it is optional.
    const parsed = JSON.parse(text) as Status | null;
    return parsed !== null && typeof parsed === 'object' ? parsed : { message: text };
  } catch {
    return {
      message: text
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 300),
    };
  }
}

/** The answer of the API as an error of the contract, in words that say what to do. */
export function refusal(subject: Subject, code: number, status: Status, retryAfter?: number): ProviderError {
  const said = status.message?.trim() || `status ${code}`;
  const what = describe(subject);
  switch (code) {
    case 401:
      return new ProviderError(
        'unauthorized',
        `The cluster does not accept the account's credentials: ${said}. Renew them in the kubeconfig.`,
      );
    case 403:
      return forbidden(subject, said);
    case 404:
    case 410:
      return new ProviderError('not_found', `There is no ${what}: ${said}`);
    case 409:
      return conflict(subject, status, said);
    case 429: {
      const seconds = retryAfter ?? status.details?.retryAfterSeconds;
      return new ProviderError(
        'rate_limited',
        `The cluster is too busy to ${subject.verb} ${what}: ${said}`,
        seconds,
      );
    }
    default:
      return code >= 500
        ? new ProviderError(
            'unavailable',
            `The cluster could not ${subject.verb} ${what}: ${said}`,
            retryAfter,
          )
        : new ProviderError('invalid', `The cluster does not take ${what}: ${said}`);
  }
}

/** Quotas and admission refuse with the same code as missing rights; only the latter speak of what "cannot" be done. */
export function isOfRights({ message = '' }: Status): boolean {
  return /\bcannot \w+ (resource|path)\b/.test(message);
}

function forbidden(subject: Subject, said: string): ProviderError {
  if (!isOfRights({ message: said }))
    return new ProviderError(
      'conflict',
      `The cluster refuses to ${subject.verb} ${describe(subject)}: ${said}`,
    );
  const where = subject.namespace === undefined ? 'the whole cluster' : `namespace "${subject.namespace}"`;
  return new ProviderError(
    'unauthorized',
    `The account may not ${subject.verb} ${subject.kind} in ${where}. Give its role this verb on this kind. The cluster says: ${said}`,
  );
}

function conflict(subject: Subject, status: Status, said: string): ProviderError {
  const what = describe(subject);
  const owned = (status.details?.causes ?? []).filter((cause) => cause.reason === 'FieldManagerConflict');
  if (owned.length > 0) {
    const managers = new Set(
      owned.map((cause) => /"([^"]+)"/.exec(cause.message ?? '')?.[1] ?? 'another manager'),
    );
    const fields = owned.map((cause) => cause.field ?? '').filter(Boolean);
    return new OwnedByOthers(
      [...managers],
      `${[...managers].join(' and ')} manages ${fields.join(', ')} of ${what}. Change it there, or let that manager give it up.`,
    );
  }
  if (status.reason === 'AlreadyExists') return new ProviderError('conflict', `There is a ${what} already.`);
  return new ProviderError('conflict', `Somebody else has changed ${what} in the meantime: ${said}`);
}

/** @param error of the connection. */
export function unreachable(subject: Subject, server: string, error: unknown): ProviderError {
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  return new ProviderError(
    'unavailable',
    `The cluster at ${server} could not be reached to ${subject.verb} ${describe(subject)}: ${reason}`,
  );
}

/** Several addresses that all refuse come as one error without words of its own. */
function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}

function describe({ kind, namespace, name }: Subject): string {
  const named = name === undefined ? kind : `${kind} "${name}"`;
  return namespace === undefined ? named : `${named} in namespace "${namespace}"`;
}
