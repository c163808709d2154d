import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { bodyOf, startProxyServer } from '@/server/providers/aws/testing/proxy-server';

/**
 * Stands before moto and adds what Lambda does and moto does not: revision ids that tell of others, versions that an
 * alias may not name, states that take their time or fail, lists in pages and without states, throttling, lost answers.
 */
export interface FaultProxy {
  readonly url: string;
  /** The actions that were asked, oldest first. */
  readonly calls: readonly Call[];
  /** The next so many calls of the action are throttled. */
  throttle(action: string, times: number): void;
  /** The next call of the action takes effect, and its answer is lost. */
  loseAnswer(action: string): void;
  /** What is created, updated or published stays in preparation until released. */
  holdPending(held: boolean): void;
  /** Versions of the server group that are published from now on do not start. */
  failVersion(serverGroup: string, reason: string): void;
  /** Before the next call of the action somebody else writes the same alias. */
  overtake(action: string): void;
  stop(): Promise<void>;
}

export interface Call {
  /** As IAM calls it. */
  readonly action: string;
  readonly request: Json;
  readonly status: number;
}

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body: Json;
  /** Of a refusal. */
  readonly code?: string;
}

const jsonSchema = z.record(z.string(), z.unknown()).catch({});
const listSchema = z.array(z.record(z.string(), z.unknown())).catch([]);
const weightsSchema = z.record(z.string(), z.number()).catch({});

/** AWS has fifty; so few make every test turn pages. */
const PAGE = 3;

export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const faults = new Faults(upstream);
  const server = await startProxyServer((request, response) => handle(faults, request, response));
  return {
    url: server.url,
    calls: faults.calls,
    throttle: (action, times) => void faults.throttled.set(action, times),
    loseAnswer: (action) => void faults.lost.add(action),
    holdPending(held) {
      faults.holds = held;
      if (!held) faults.pending.clear();
    },
    failVersion: (serverGroup, reason) => void faults.failing.set(serverGroup, reason),
    overtake: (action) => void faults.overtaken.add(action),
    stop: () => server.stop(),
  };
}

async function handle(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = askedOf(request, await bodyOf(request));
  const answer = await faults.answer(asked);
  faults.calls.push({
    action: asked.action,
    request: { ...asked.body, ...asked.names },
    status: answer.status,
  });
  if (faults.lost.delete(asked.action)) {
    request.socket.destroy();
    return;
  }
  const headers = {
    'content-type': 'application/json',
    ...(answer.code ? { 'x-amzn-errortype': answer.code } : {}),
  };
  response
    .writeHead(answer.status, headers)
    .end(answer.status === 204 ? undefined : JSON.stringify(answer.body));
}

interface Asked {
  readonly action: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Json;
  /** Of the function, alias or version in the address. */
  readonly names: { readonly FunctionName?: string; readonly Name?: string; readonly Qualifier?: string };
}

/** Method and what follows the name of the function, or stands in its place. */
const ACTIONS: readonly [string, RegExp, string][] = [
  ['GET', /^\/functions\/?$/, 'ListFunctions'],
  ['POST', /^\/functions\/?$/, 'CreateFunction'],
  ['GET', /^\/functions\/[^/]+$/, 'GetFunction'],
  ['DELETE', /^\/functions\/[^/]+$/, 'DeleteFunction'],
  ['PUT', /^\/functions\/[^/]+\/code$/, 'UpdateFunctionCode'],
  ['PUT', /^\/functions\/[^/]+\/configuration$/, 'UpdateFunctionConfiguration'],
  ['GET', /^\/functions\/[^/]+\/versions$/, 'ListVersionsByFunction'],
  ['POST', /^\/functions\/[^/]+\/versions$/, 'PublishVersion'],
  ['POST', /^\/functions\/[^/]+\/aliases$/, 'CreateAlias'],
  ['GET', /^\/functions\/[^/]+\/aliases\/[^/]+$/, 'GetAlias'],
  ['PUT', /^\/functions\/[^/]+\/aliases\/[^/]+$/, 'UpdateAlias'],
  ['GET', /^\/functions\/[^/]+\/url$/, 'GetFunctionUrlConfig'],
];

function askedOf({ method = 'GET', url: path = '/', headers }: IncomingMessage, text: string): Asked {
  const url = new URL(path, 'http://lambda');
  // The version of the API comes first.
  const rest = url.pathname.replace(/^\/\d{4}-\d{2}-\d{2}/, '');
  const action =
    ACTIONS.find(([verb, pattern]) => verb === method && pattern.test(rest))?.[2] ?? `${method} ${rest}`;
  const [, , functionName, kind, name] = rest.split('/').map(decodeURIComponent);
  const body = text === '' ? {} : jsonSchema.parse(JSON.parse(text));
  const qualifier = url.searchParams.get('Qualifier');
  return {
    action,
    method,
    url,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    ),
    text,
    body,
    names: {
      ...(functionName ? { FunctionName: functionName } : {}),
      ...(kind === 'aliases' && name ? { Name: name } : {}),
      ...(qualifier === null ? {} : { Qualifier: qualifier }),
    },
  };
}

class Faults {
  readonly calls: Call[] = [];
  readonly throttled = new Map<string, number>();
  readonly lost = new Set<string>();
  readonly overtaken = new Set<string>();
  readonly failing = new Map<string, string>();
  /** ARNs of versions, and of what is worked on. */
  readonly pending = new Set<string>();
  holds = false;
  private readonly failed = new Map<string, string>();
  private readonly deleted = new Set<string>();
  private readonly revisions = new Map<string, number>();

  constructor(private readonly upstream: string) {}

  async answer(asked: Asked): Promise<Answer> {
    const left = this.throttled.get(asked.action) ?? 0;
    if (left > 0) {
      this.throttled.set(asked.action, left - 1);
      return refusal(429, 'TooManyRequestsException', 'Rate exceeded');
    }
    if (this.overtaken.delete(asked.action)) this.wrote(aliasKey(asked));
    return this.refused(asked) ?? (await this.missing(asked)) ?? this.played(asked);
  }

  private async played(asked: Asked): Promise<Answer> {
    const { FunctionName: name = '', Qualifier } = asked.names;
    switch (asked.action) {
      case 'ListFunctions':
        return this.page(asked, 'Functions');
      case 'ListVersionsByFunction':
        return this.page(asked, 'Versions');
      case 'GetFunction':
        return this.described(asked);
      case 'DeleteFunction':
        // moto would give the number of a deleted version to the next one.
        this.deleted.add(`${name}:${Qualifier ?? ''}`);
        return { status: 204, body: {} };
      case 'PublishVersion':
        return this.published(asked);
      case 'CreateFunction':
      case 'UpdateFunctionCode':
      case 'UpdateFunctionConfiguration':
        return this.changed(asked, functionKey(asked), name);
      case 'CreateAlias':
      case 'UpdateAlias':
        return this.aliased(await this.changed(asked, aliasKey(asked), null), asked);
      case 'GetAlias':
        return this.aliased(await this.forward(asked), asked);
      default:
        return this.forward(asked);
    }
  }

  /** Stale revision ids, and what AWS takes for no routing. */
  private refused(asked: Asked): Answer | null {
    const { RevisionId, RoutingConfig } = asked.body;
    const key = asked.action.endsWith('Alias') ? aliasKey(asked) : functionKey(asked);
    if (typeof RevisionId === 'string' && RevisionId !== this.revision(key))
      return refusal(
        412,
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id.',
      );
    const weights = additionalIn(RoutingConfig);
    if (Object.keys(weights).length > 1)
      return refusal(
        400,
        'InvalidParameterValueException',
        'Number of items in AdditionalVersionWeights cannot be greater than 1',
      );
    return Object.values(weights).some((weight) => weight < 0 || weight > 1)
      ? refusal(400, 'ValidationException', 'Weights are from 0 to 1')
      : null;
  }

  /** What an alias or a deletion names and should not. */
  private async missing(asked: Asked): Promise<Answer | null> {
    const { FunctionName: name = '', Qualifier } = asked.names;
    if (asked.action === 'DeleteFunction') {
      const { body } = await this.ask(asked, `/functions/${name}/aliases`);
      const named = listSchema.parse(body.Aliases).flatMap(versionsOf);
      return named.includes(Qualifier ?? '')
        ? refusal(
            409,
            'ResourceConflictException',
            `You cannot delete the version ${Qualifier} because it is referenced by an alias.`,
          )
        : null;
    }
    if (asked.action !== 'CreateAlias' && asked.action !== 'UpdateAlias') return null;
    const { body } = await this.ask(asked, `/functions/${name}/versions`);
    const there = listSchema.parse(body.Versions).map(({ Version }) => Version);
    const gone = versionsOf(asked.body).find(
      (one) => !there.includes(one) || this.deleted.has(`${name}:${one}`),
    );
    return gone === undefined
      ? null
      : refusal(404, 'ResourceNotFoundException', `Function not found: ${name}:${gone}`);
  }

  private async changed(asked: Asked, key: string, prepares: string | null): Promise<Answer> {
    const answer = await this.forward(asked);
    if (answer.status >= 300) return answer;
    this.wrote(key);
    if (this.holds && prepares !== null) this.pending.add(`${prepares}:$LATEST`);
    return answer;
  }

  private aliased(answer: Answer, asked: Asked): Answer {
    return answer.status >= 300
      ? answer
      : { ...answer, body: { ...answer.body, RevisionId: this.revision(aliasKey(asked)) } };
  }

  private async published(asked: Asked): Promise<Answer> {
    const answer = await this.changed(asked, functionKey(asked), null);
    if (answer.status >= 300) return answer;
    const key = `${asked.names.FunctionName}:${String(answer.body.Version)}`;
    const { Description } = asked.body;
    const description = typeof Description === 'string' ? Description : '';
    for (const [serverGroup, reason] of this.failing)
      if (description.includes(`group=${serverGroup} `)) this.failed.set(key, reason);
    if (this.holds) this.pending.add(key);
    return { ...answer, body: this.withState(answer.body) };
  }

  private async described(asked: Asked): Promise<Answer> {
    const { FunctionName: name = '', Qualifier } = asked.names;
    if (Qualifier !== undefined && this.deleted.has(`${name}:${Qualifier}`))
      return refusal(404, 'ResourceNotFoundException', `Function not found: ${name}:${Qualifier}`);
    const answer = await this.forward(asked);
    if (answer.status >= 300) return answer;
    const configuration = this.withState(jsonSchema.parse(answer.body.Configuration));
    return { ...answer, body: { ...answer.body, Configuration: configuration } };
  }

  private withState(configuration: Json): Json {
    const name = String(configuration.FunctionName);
    const key = `${name}:${String(configuration.Version)}`;
    const latest = configuration.Version === '$LATEST';
    const reason = this.failed.get(key);
    const preparing = this.pending.has(key);
    return {
      ...configuration,
      RevisionId: this.revision(name),
      ...(reason === undefined
        ? {}
        : { State: 'Failed', StateReason: reason, StateReasonCode: 'InvalidConfiguration' }),
      ...(preparing && latest ? { LastUpdateStatus: 'InProgress' } : {}),
      ...(preparing && !latest ? { State: 'Pending', StateReason: 'The function is being created.' } : {}),
    };
  }

  /** Without what lists of AWS leave out. */
  private async page(asked: Asked, field: 'Functions' | 'Versions'): Promise<Answer> {
    const answer = await this.forward(asked);
    if (answer.status >= 300) return answer;
    const all = listSchema
      .parse(answer.body[field])
      .filter((one) => !this.deleted.has(`${String(one.FunctionName)}:${String(one.Version)}`))
      .map(({ State: _state, StateReason: _reason, LastUpdateStatus: _update, ...shown }) => shown);
    const from = Number(asked.url.searchParams.get('Marker') ?? 0);
    const next = from + PAGE < all.length ? { NextMarker: String(from + PAGE) } : {};
    return { ...answer, body: { [field]: all.slice(from, from + PAGE), ...next } };
  }

  private forward(asked: Asked): Promise<Answer> {
    const { pathname, search } = asked.url;
    return this.fetched(asked, asked.method, pathname + search, asked.text);
  }

  private ask(asked: Asked, path: string): Promise<Answer> {
    return this.fetched(asked, 'GET', `/2015-03-31${path}`, '');
  }

  private async fetched({ headers }: Asked, method: string, path: string, text: string): Promise<Answer> {
    const { authorization = '', 'content-type': type = 'application/json' } = headers;
    const response = await fetch(this.upstream + path, {
      method,
      headers: { authorization, 'content-type': type },
      ...(text === '' ? {} : { body: text }),
    });
    const answer = await response.text();
    const code = response.headers.get('x-amzn-errortype');
    return {
      status: response.status,
      body: answer === '' ? {} : jsonSchema.parse(JSON.parse(answer)),
      ...(code === null ? {} : { code }),
    };
  }

  private wrote(key: string): void {
    this.revisions.set(key, (this.revisions.get(key) ?? 0) + 1);
  }

  private revision(key: string): string {
    return `revision-${this.revisions.get(key) ?? 0}`;
  }
}

function functionKey({ names, body }: Asked): string {
  return names.FunctionName ?? String(body.FunctionName);
}

function aliasKey({ names, body }: Asked): string {
  return `${names.FunctionName}/${names.Name ?? String(body.Name)}`;
}

function additionalIn(routing: unknown): Record<string, number> {
  return weightsSchema.parse(jsonSchema.parse(routing).AdditionalVersionWeights);
}

function versionsOf(alias: Json): string[] {
  return [String(alias.FunctionVersion), ...Object.keys(additionalIn(alias.RoutingConfig))];
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, code, body: { Type: 'User', message } };
}
