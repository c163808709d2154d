import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  type Listener,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancer } from '@/server/domain/inventory';
import { loadBalancerOf } from '@/server/providers/aws/read/describe';
import {
  type BalancerView,
  balancerName,
  findBalancer,
  listenersOf,
} from '@/server/providers/aws/read/load-balancers';
import { actionOf } from '@/server/providers/aws/verbs/forward';
import type { Platform, Region } from '@/server/providers/aws/verbs/platform';
import { existingBalancer, groupsBehind } from '@/server/providers/aws/verbs/route';
import { TAGS, tagList } from '@/server/providers/aws/words/tags';
import { type LoadBalancerSpec, ProviderError } from '@/server/providers/provider';

/** Not older than TLS 1.2. Source: the security policies of Application Load Balancers. */
const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';
/** By it the role is let to change the listener. */
const MANAGED = tagList({ [TAGS.managed]: 'true' });

/**
 * An application load balancer with a listener, encrypted where the account has a certificate; or the listener or
 * rule of others that the account names for it. AWS takes the same creation twice as one.
 */
export async function upsertLoadBalancer(platform: Platform, spec: LoadBalancerSpec): Promise<LoadBalancer> {
  const region = platform.region(spec.region);
  const found = await findBalancer(region, spec.name);
  const route = region.settings.routes.find(({ loadBalancer }) => loadBalancer === spec.name);
  if (route) await takeRoute(region, spec, route.arn, found);
  else await ownBalancer(platform, region, spec, found);
  const [view, groups] = await Promise.all([
    existingBalancer(region, spec.name),
    groupsBehind(region, spec.name),
  ]);
  return loadBalancerOf(platform.account, region.name, view, groups);
}

async function takeRoute(
  region: Region,
  { name, application }: LoadBalancerSpec,
  arn: string,
  found: BalancerView | null,
): Promise<void> {
  if (!found)
    throw new ProviderError(
      'not_found',
      `The account names ${arn} for the load balancer ${name}, and there is no such listener or rule. Give another one.`,
    );
  if (found.tags[TAGS.application] !== application)
    await region.elb.send(
      new AddTagsCommand({ ResourceArns: [arn], Tags: tagList({ [TAGS.application]: application }) }),
    );
}

async function ownBalancer(
  platform: Platform,
  region: Region,
  spec: LoadBalancerSpec,
  found: BalancerView | null,
): Promise<void> {
  const arn = found?.notesArn ?? (await create(platform, region, spec));
  const all = await listenersOf(region, arn);
  const listener = await ensureListener(region, arn, all);
  if (found?.tags[TAGS.listener] !== listener)
    await region.elb.send(
      new AddTagsCommand({ ResourceArns: [arn], Tags: tagList({ [TAGS.listener]: listener }) }),
    );
  if (region.settings.certificateArn !== undefined) await sendThere(region, arn, plainOf(all));
}

async function create(
  { config }: Platform,
  region: Region,
  { name, application }: LoadBalancerSpec,
): Promise<string> {
  const { subnets, loadBalancerSecurityGroups: groups } = region.settings;
  const tags = { [TAGS.managed]: 'true', [TAGS.loadBalancer]: name, [TAGS.application]: application };
  const { LoadBalancers } = await region.elb.send(
    new CreateLoadBalancerCommand({
      Name: balancerName(name),
      Type: 'application',
      Scheme: config.internetFacing ? 'internet-facing' : 'internal',
      Subnets: subnets,
      ...(groups.length > 0 ? { SecurityGroups: groups } : {}),
      Tags: tagList(tags),
    }),
  );
  const arn = LoadBalancers?.[0]?.LoadBalancerArn;
  if (arn !== undefined) return arn;
  throw new ProviderError('unavailable', `AWS does not say whether it made the load balancer ${name}.`);
}

/** @returns the ARN of the listener that shares requests out. */
async function ensureListener(region: Region, balancer: string, all: readonly Listener[]): Promise<string> {
  const encrypted = all.find(({ Protocol }) => Protocol === 'HTTPS')?.ListenerArn;
  if (encrypted !== undefined) return encrypted;
  const { certificateArn } = region.settings;
  const plain = plainOf(all);
  if (certificateArn !== undefined) return createEncrypted(region, balancer, certificateArn, plain);
  return plain?.ListenerArn ?? createPlain(region, balancer, actionOf(new Map()));
}

function plainOf(all: readonly Listener[]): Listener | undefined {
  return all.find(({ Protocol }) => Protocol === 'HTTP');
}

type Actions = NonNullable<Listener['DefaultActions']>;

const TO_HTTPS: Actions[number] = {
  Type: 'redirect',
  RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
};

function createPlain(region: Region, LoadBalancerArn: string, action: Actions[number]): Promise<string> {
  return createListener(region, { LoadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions: [action] });
}

/** With what the plain one did until now, so that nobody notices when a certificate comes later. */
function createEncrypted(
  region: Region,
  LoadBalancerArn: string,
  CertificateArn: string,
  before: Listener | undefined,
): Promise<string> {
  const DefaultActions = before?.DefaultActions ?? [actionOf(new Map())];
  const Certificates = [{ CertificateArn }];
  return createListener(region, {
    LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: 443,
    SslPolicy: TLS_POLICY,
    Certificates,
    DefaultActions,
  });
}

/** Whoever comes without encryption is sent to where it is. */
async function sendThere(region: Region, balancer: string, plain: Listener | undefined): Promise<void> {
  if (!plain) await createPlain(region, balancer, TO_HTTPS);
  else if (plain.DefaultActions?.some(({ Type }) => Type !== 'redirect'))
    await region.elb.send(
      new ModifyListenerCommand({ ListenerArn: plain.ListenerArn, DefaultActions: [TO_HTTPS] }),
    );
}

async function createListener(
  { elb }: Region,
  given: Omit<ConstructorParameters<typeof CreateListenerCommand>[0], 'Tags'>,
): Promise<string> {
  const { Listeners } = await elb.send(new CreateListenerCommand({ ...given, Tags: MANAGED }));
  const arn = Listeners?.[0]?.ListenerArn;
  if (arn !== undefined) return arn;
  throw new ProviderError('unavailable', 'AWS does not say whether it made the listener.');
}
