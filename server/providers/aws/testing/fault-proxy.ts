import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Answer,
  consoleAnswer,
  instancesIn,
  refusal,
  regionIn,
  withPending,
} from '@/server/providers/aws/testing/answers';
import { bodyOf, startProxyServer } from '@/server/providers/aws/testing/proxy-server';

/**
 * Stands before moto and adds what AWS does and moto does not: names that are taken, launches that do not happen,
 * activities that say why, targets that become healthy and drain in their own time, throttling, lost answers.
 */
export interface FaultProxy {
  readonly url: string;
  /** The actions that were asked, oldest first. */
  readonly calls: readonly Call[];
  /** The next so many calls of the action are throttled. */
  throttle(action: string, times: number): void;
  /** The next call of the action takes effect, and its answer is lost. */
  loseAnswer(action: string): void;
  /** Calls of the action get no answer until released. */
  hold(action: string, held: boolean): void;
  /** How many calls of the action are held. */
  held(action: string): number;
  /** Every call of the action is refused so; null lets them through again. */
  refuse(action: string, refusal: { readonly code: string; readonly message: string } | null): void;
  /** Keys of roles expire after so long. */
  keysLast(seconds: number): void;
  /** As if AWS were gone: every connection is broken off. */
  away(isAway: boolean): void;
  /** Groups launch nothing, and say it in a failed activity; null lets them launch what they lack. */
  failLaunches(group: string, message: string | null): Promise<void>;
  /** New targets stay `initial` until released. */
  holdHealth(held: boolean): void;
  /** Targets that leave stay `draining` until released. */
  holdDraining(held: boolean): void;
  /** Images that are made of machines stay `pending` until released. */
  holdImages(held: boolean): void;
  /** What the consoles of machines say. */
  sayOnConsole(text: string): void;
  stop(): Promise<void>;
}

export interface Call {
  /** As IAM calls it, such as `ec2`. */
  readonly service: string;
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly status: number;
  readonly body: string;
  /**
   * Of a call that moves requests: how many healthy targets each target group had that it names, looked at just
   * before it took effect.
   */
  readonly healthy: ReadonlyMap<string, number>;
}

/** What changes which targets get requests. */
const MOVES: ReadonlySet<string> = new Set([
  'ModifyListener',
  'ModifyRule',
  'DetachLoadBalancerTargetGroups',
]);

export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const faults = new Faults(upstream);
  const server = await startProxyServer((request, response) => handle(faults, request, response));
  return {
    url: server.url,
    calls: faults.calls,
    throttle: (action, times) => void faults.throttled.set(action, times),
    loseAnswer: (action) => void faults.lost.add(action),
    hold: (action, held) => faults.hold(action, held),
    held: (action) => faults.heldCalls.get(action) ?? 0,
    refuse: (action, refused) => {
      if (refused) faults.refused.set(action, refused);
      else faults.refused.delete(action);
    },
    keysLast(seconds) {
      faults.keySeconds = seconds;
    },
    away(isAway) {
      faults.away = isAway;
    },
    failLaunches: (group, message) => faults.failLaunches(group, message),
    holdHealth(held) {
      faults.holdsHealth = held;
      if (!held) faults.initial.clear();
    },
    holdDraining(held) {
      faults.holdsDraining = held;
      if (!held) faults.draining.clear();
    },
    holdImages(held) {
      faults.holdsImages = held;
    },
    sayOnConsole(text) {
      faults.console = text;
    },
    stop: () => server.stop(),
  };
}

async function handle(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (faults.away) {
    request.socket.destroy();
    return;
  }
  const parameters = new URLSearchParams(await bodyOf(request));
  const action = parameters.get('Action') ?? '';
  const { authorization = '' } = request.headers;
  await faults.released(action);
  const healthy = await faults.healthNow(action, parameters, authorization);
  const answer = await faults.answer(action, parameters, authorization, request.url ?? '/');
  const service = /Credential=[^,]*\/([a-z0-9-]+)\/aws4_request/.exec(authorization)?.[1] ?? '';
  faults.calls.push({ service, action, parameters, status: answer.status, body: answer.body, healthy });
  if (faults.lost.delete(action)) {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
}

interface Held {
  readonly promise: Promise<void>;
  resolve(): void;
}

function withResolvers(): Held {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** What is held back of a group: it wants more than moto was told. */
interface HeldGroup {
  wanted: number;
  readonly message: string;
  authorization: string;
}

class Faults {
  readonly calls: Call[] = [];
  readonly throttled = new Map<string, number>();
  readonly lost = new Set<string>();
  readonly refused = new Map<string, { readonly code: string; readonly message: string }>();
  readonly heldCalls = new Map<string, number>();
  private readonly holds = new Map<string, Held>();
  /** By target group: targets not healthy yet, and those that have left and drain. */
  readonly initial = new Map<string, Set<string>>();
  readonly draining = new Map<string, Set<string>>();
  away = false;
  holdsHealth = false;
  keySeconds: number | null = null;
  console = '';
  holdsDraining = false;
  holdsImages = false;
  private readonly images = new Set<string>();
  private readonly registered = new Map<string, Set<string>>();
  private readonly names = new Set<string>();
  /** In the order of their coming. */
  private readonly seen = new Set<string>();
  private readonly held = new Map<string, HeldGroup>();

  constructor(private readonly upstream: string) {}

  hold(action: string, held: boolean): void {
    if (held) this.holds.set(action, this.holds.get(action) ?? withResolvers());
    else {
      this.holds.get(action)?.resolve();
      this.holds.delete(action);
    }
  }

  async released(action: string): Promise<void> {
    const hold = this.holds.get(action);
    if (!hold) return;
    this.heldCalls.set(action, (this.heldCalls.get(action) ?? 0) + 1);
    await hold.promise;
    this.heldCalls.set(action, (this.heldCalls.get(action) ?? 0) - 1);
  }

  async answer(
    action: string,
    parameters: URLSearchParams,
    authorization: string,
    path: string,
  ): Promise<Answer> {
    const left = this.throttled.get(action) ?? 0;
    if (left > 0) {
      this.throttled.set(action, left - 1);
      return refusal(parameters, 'Throttling', 'Rate exceeded');
    }
    const refused = this.refused.get(action);
    if (refused) return refusal(parameters, refused.code, refused.message);
    const group = parameters.get('AutoScalingGroupName') ?? '';
    const place = `${regionIn(authorization)}/${group}`;
    if (action === 'CreateAutoScalingGroup' && this.names.has(place))
      return refusal(parameters, 'AlreadyExists', `AutoScalingGroup by this name already exists - ${group}`);
    if (action === 'GetConsoleOutput') return consoleAnswer(parameters.get('InstanceId') ?? '', this.console);
    if (action === 'DescribeScalingActivities') return this.activities(group);
    if (action === 'UpdateAutoScalingGroup' || action === 'CreateAutoScalingGroup')
      this.holdBack(group, parameters, authorization);
    if (action === 'UpdateAutoScalingGroup') await this.shrink(group, parameters, authorization);
    // From here on, so that of two at once only one gets it.
    if (action === 'CreateAutoScalingGroup') this.names.add(place);
    const answer = await this.forward(parameters, authorization, path);
    if (answer.status >= 300) {
      if (action === 'CreateAutoScalingGroup') this.names.delete(place);
      return answer;
    }
    switch (action) {
      case 'AssumeRole':
        return { ...answer, body: this.withExpiration(answer.body) };
      case 'DeleteAutoScalingGroup':
        this.names.delete(place);
        this.held.delete(group);
        return answer;
      case 'CreateImage':
        for (const [, id = ''] of answer.body.matchAll(/<imageId>(ami-\w+)/g)) this.images.add(id);
        return answer;
      case 'DescribeImages':
        return { ...answer, body: this.holdsImages ? withPending(answer.body, this.images) : answer.body };
      case 'DescribeAutoScalingGroups':
        for (const id of instancesIn(answer.body)) this.seen.add(id);
        return { ...answer, body: this.withWanted(answer.body) };
      case 'DetachLoadBalancerTargetGroups':
        for (const [key, arn] of parameters) if (key.startsWith('TargetGroupARNs')) this.leave(arn);
        return answer;
      case 'DescribeTargetHealth':
        return { ...answer, body: this.withHealth(parameters.get('TargetGroupArn') ?? '', answer.body) };
      default:
        return answer;
    }
  }

  private withExpiration(body: string): string {
    if (this.keySeconds === null) return body;
    const at = new Date(Date.now() + this.keySeconds * 1_000).toISOString();
    return body.replace(/<Expiration>[^<]*/, `<Expiration>${at}`);
  }

  /** Of every target group that was ever asked for, when requests are about to move. */
  async healthNow(
    action: string,
    parameters: URLSearchParams,
    authorization: string,
  ): Promise<ReadonlyMap<string, number>> {
    if (!MOVES.has(action)) return new Map();
    const named = [...parameters].filter(([key]) => /TargetGroup(Arn|ARNs)/.test(key)).map(([, arn]) => arn);
    const elb = authorization.replace('/autoscaling/', '/elasticloadbalancing/');
    const counts = new Map<string, number>();
    for (const arn of new Set([...named, ...this.registered.keys()])) {
      const asked = { Action: 'DescribeTargetHealth', Version: '2015-12-01', TargetGroupArn: arn };
      const { body } = await this.forward(new URLSearchParams(asked), elb, '/');
      counts.set(arn, this.withHealth(arn, body).match(/<State>healthy<\/State>/g)?.length ?? 0);
    }
    return counts;
  }

  async failLaunches(group: string, message: string | null): Promise<void> {
    if (message !== null) {
      this.held.set(group, { wanted: -1, message, authorization: '' });
      return;
    }
    const held = this.held.get(group);
    this.held.delete(group);
    if (!held || held.wanted < 0) return;
    await this.ask(
      {
        Action: 'UpdateAutoScalingGroup',
        AutoScalingGroupName: group,
        DesiredCapacity: String(held.wanted),
      },
      held.authorization,
    );
  }

  private async forward(parameters: URLSearchParams, authorization: string, path: string): Promise<Answer> {
    const response = await fetch(this.upstream + path, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: parameters.toString(),
    });
    const type = response.headers.get('content-type') ?? 'text/xml';
    return { status: response.status, type, body: await response.text() };
  }

  /** Moto is told to launch nothing; what is wanted is shown all the same. */
  private holdBack(group: string, parameters: URLSearchParams, authorization: string): void {
    const held = this.held.get(group);
    const wanted = parameters.get('DesiredCapacity');
    if (!held || wanted === null) return;
    held.wanted = Number(wanted);
    held.authorization = authorization;
    parameters.set('DesiredCapacity', '0');
    parameters.set('MinSize', '0');
  }

  /** The newest go first, as the group's policy says; moto takes any. */
  private async shrink(group: string, parameters: URLSearchParams, authorization: string): Promise<void> {
    const wanted = parameters.get('DesiredCapacity');
    if (wanted === null) return;
    const { body } = await this.ask(
      { Action: 'DescribeAutoScalingGroups', 'AutoScalingGroupNames.member.1': group },
      authorization,
    );
    const members = new Set(instancesIn(body));
    for (const id of members) this.seen.add(id);
    const oldestFirst = [...this.seen].filter((id) => members.has(id));
    for (const id of oldestFirst.slice(Number(wanted)))
      await this.ask(
        {
          Action: 'TerminateInstanceInAutoScalingGroup',
          InstanceId: id,
          ShouldDecrementDesiredCapacity: 'true',
        },
        authorization,
      );
  }

  private ask(parameters: Readonly<Record<string, string>>, authorization: string): Promise<Answer> {
    return this.forward(new URLSearchParams({ Version: '2011-01-01', ...parameters }), authorization, '/');
  }

  private withWanted(body: string): string {
    let result = body;
    for (const [group, { wanted }] of this.held) {
      const at = result.indexOf(`<AutoScalingGroupName>${group}</AutoScalingGroupName>`);
      if (at < 0 || wanted < 0) continue;
      const rest = result.slice(at).replace(/<DesiredCapacity>\d+/, `<DesiredCapacity>${wanted}`);
      result = result.slice(0, at) + rest;
    }
    return result;
  }

  private activities(group: string): Answer {
    const held = this.held.get(group);
    const member = held
      ? `<member><ActivityId>1</ActivityId><AutoScalingGroupName>${group}</AutoScalingGroupName><Cause>desired capacity</Cause><StartTime>2026-01-01T00:00:00Z</StartTime><StatusCode>Failed</StatusCode><StatusMessage>${held.message}</StatusMessage></member>`
      : '';
    const body = `<DescribeScalingActivitiesResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeScalingActivitiesResult><Activities>${member}</Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`;
    return { status: 200, type: 'text/xml', body };
  }

  private leave(arn: string): void {
    if (this.holdsDraining) this.draining.set(arn, this.registered.get(arn) ?? new Set());
    this.registered.delete(arn);
    this.initial.delete(arn);
  }

  private withHealth(arn: string, body: string): string {
    const known = this.registered.get(arn) ?? new Set<string>();
    const initial = this.initial.get(arn) ?? new Set<string>();
    const now = [...body.matchAll(/<Id>(i-\w+)<\/Id>/g)].map(([, id = '']) => id);
    if (this.holdsHealth) for (const id of now) if (!known.has(id)) initial.add(id);
    this.registered.set(arn, new Set(now));
    this.initial.set(arn, initial);
    const seen = body.replace(/<member>(?:(?!<\/member>).)*<\/member>/gs, (member) => {
      const id = /<Id>(i-\w+)<\/Id>/.exec(member)?.[1] ?? '';
      const starts = '<State>initial</State><Reason>Elb.InitialHealthChecking</Reason>';
      return initial.has(id) ? member.replace('<State>healthy</State>', starts) : member;
    });
    const leaving = [...(this.draining.get(arn) ?? [])]
      .map(
        (id) =>
          `<member><Target><Id>${id}</Id><Port>80</Port></Target><TargetHealth><State>draining</State><Reason>Target.DeregistrationInProgress</Reason></TargetHealth></member>`,
      )
      .join('');
    return leaving === ''
      ? seen
      : seen
          .replace(/<TargetHealthDescriptions\s*\/>/, '<TargetHealthDescriptions></TargetHealthDescriptions>')
          .replace('</TargetHealthDescriptions>', `${leaving}</TargetHealthDescriptions>`);
  }
}
