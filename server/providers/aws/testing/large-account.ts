import { bodyOf, startProxyServer } from '@/server/providers/aws/testing/proxy-server';
import { shortName } from '@/server/providers/aws/words/names';
import { TAGS } from '@/server/providers/aws/words/tags';

/**
 * An account with many groups, whose answers are made up as they are asked for: reading is all it can. Each cluster
 * has `depth` groups, of which the last is enabled, and a load balancer.
 */
export interface LargeAccount {
  readonly url: string;
  /** How often each service was asked. */
  readonly calls: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

interface Size {
  readonly clusters: number;
  readonly depth: number;
  readonly instances: number;
}

const GROUPS_PAGE = 100;
const MACHINES_PAGE = 1_000;
const BALANCERS_PAGE = 400;

export async function startLargeAccount(size: Size): Promise<LargeAccount> {
  const calls: Record<string, number> = {};
  const server = await startProxyServer(async (request, response) => {
    const parameters = new URLSearchParams(await bodyOf(request));
    const { authorization = '' } = request.headers;
    const service = /Credential=[^,]*\/([a-z0-9-]+)\/aws4_request/.exec(authorization)?.[1] ?? '';
    calls[service] = (calls[service] ?? 0) + 1;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(answer(size, parameters));
  });
  return {
    url: server.url,
    calls,
    stop: () => server.stop(),
  };
}

function answer(size: Size, parameters: URLSearchParams): string {
  const action = parameters.get('Action') ?? '';
  switch (action) {
    case 'DescribeAutoScalingGroups': {
      const page = paged(size.clusters * size.depth, parameters.get('NextToken'), GROUPS_PAGE);
      const members = page.items.map((index) => group(size, index)).join('');
      return query(
        action,
        `<AutoScalingGroups>${members}</AutoScalingGroups>${token('NextToken', page.next)}`,
      );
    }
    case 'DescribeInstances': {
      const total = size.clusters * size.depth * size.instances;
      const page = paged(total, parameters.get('NextToken'), MACHINES_PAGE);
      const items = page.items
        .map(
          (index) =>
            `<item><instanceId>${machine(index)}</instanceId><privateIpAddress>10.0.0.1</privateIpAddress></item>`,
        )
        .join('');
      const reservation = `<reservationSet><item><instancesSet>${items}</instancesSet></item></reservationSet>`;
      return `<${action}Response>${reservation}${token('nextToken', page.next)}</${action}Response>`;
    }
    case 'DescribeSecurityGroups':
      return `<${action}Response><securityGroupInfo/></${action}Response>`;
    case 'DescribeLoadBalancers': {
      const page = paged(size.clusters, parameters.get('Marker'), BALANCERS_PAGE);
      const members = page.items
        .map(
          (index) =>
            `<member><LoadBalancerArn>${balancer(index)}</LoadBalancerArn><DNSName>x</DNSName></member>`,
        )
        .join('');
      return query(action, `<LoadBalancers>${members}</LoadBalancers>${token('NextMarker', page.next)}`);
    }
    case 'DescribeTags': {
      const arns = [...parameters].filter(([key]) => key.startsWith('ResourceArns')).map(([, arn]) => arn);
      const members = arns.map(
        (arn) =>
          `<member><ResourceArn>${arn}</ResourceArn><Tags>${tag(TAGS.loadBalancer, arn.split('/').at(-1) ?? '')}${tag(TAGS.listener, arn)}</Tags></member>`,
      );
      return query(action, `<TagDescriptions>${members.join('')}</TagDescriptions>`);
    }
    case 'DescribeListeners': {
      const arns = [...parameters].filter(([key]) => key.startsWith('ListenerArns')).map(([, arn]) => arn);
      return query(action, `<Listeners>${arns.map(listener).join('')}</Listeners>`);
    }
    case 'DescribeTargetHealth': {
      const cluster = Number(/\d+(?=-\w+\/1$)/.exec(parameters.get('TargetGroupArn') ?? '')?.[0] ?? 0);
      const enabled = cluster * size.depth + size.depth - 1;
      const members = Array.from(
        { length: size.instances },
        (_, at) =>
          `<member><Target><Id>${machine(enabled * size.instances + at)}</Id></Target><TargetHealth><State>healthy</State></TargetHealth></member>`,
      );
      return query(action, `<TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions>`);
    }
    default:
      throw new Error(`${action} is nothing that a look at an account asks`);
  }
}

function query(action: string, result: string): string {
  return `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
}

function token(name: string, next: string | null): string {
  return next === null ? '' : `<${name}>${next}</${name}>`;
}

function paged(total: number, from: string | null, size: number) {
  const start = Number(from ?? 0);
  const end = Math.min(total, start + size);
  const items = Array.from({ length: end - start }, (_, at) => start + at);
  return { items, next: end < total ? String(end) : null };
}

function group({ depth, instances }: Size, index: number): string {
  const cluster = Math.floor(index / depth);
  const isEnabled = index % depth === depth - 1;
  const name = `shop-c${cluster}-v${String(index % depth).padStart(3, '0')}`;
  const members = Array.from(
    { length: instances },
    (_, at) =>
      `<member><InstanceId>${machine(index * instances + at)}</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member>`,
  );
  const tags = [
    tag(TAGS.managed, 'true'),
    tag(TAGS.cluster, `shop-c${cluster}`),
    tag(TAGS.application, 'shop'),
    tag(TAGS.artifactDigest, 'sha256:0'),
    tag(TAGS.enabled, String(isEnabled)),
    tag(`${TAGS.targetGroup}lb-${cluster}`, isEnabled ? targetGroup(cluster) : `other-${name}`),
  ];
  const attached = isEnabled ? `<member>${targetGroup(cluster)}</member>` : '';
  return `<member><AutoScalingGroupName>${name}</AutoScalingGroupName><MinSize>1</MinSize><MaxSize>${instances}</MaxSize><DesiredCapacity>${instances}</DesiredCapacity><CreatedTime>2026-01-01T00:00:00Z</CreatedTime><TargetGroupARNs>${attached}</TargetGroupARNs><Instances>${members.join('')}</Instances><Tags>${tags.join('')}</Tags></member>`;
}

/** Known by the ARN of its load balancer. */
function listener(arn: string): string {
  const target = `<TargetGroupArn>${targetGroup(Number(/\d+$/.exec(arn)?.[0] ?? 0))}</TargetGroupArn>`;
  return `<member><ListenerArn>${arn}</ListenerArn><LoadBalancerArn>${arn}</LoadBalancerArn><DefaultActions><member><Type>forward</Type><ForwardConfig><TargetGroups><member>${target}<Weight>1</Weight></member></TargetGroups></ForwardConfig></member></DefaultActions></member>`;
}

function tag(key: string, value: string): string {
  return `<member><Key>${key}</Key><Value>${value}</Value></member>`;
}

function machine(index: number): string {
  return `i-${String(index).padStart(17, '0')}`;
}

function balancer(index: number): string {
  return `arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/lb-${index}`;
}

function targetGroup(cluster: number): string {
  return `arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/${shortName(`c${cluster}`)}/1`;
}
