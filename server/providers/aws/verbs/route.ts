import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { AddTagsCommand, type TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import { readGroups, targetHealth } from '@/server/providers/aws/read/groups';
import { type BalancerView, findBalancer, tagsByArn } from '@/server/providers/aws/read/load-balancers';
import { FORWARD_LIMIT, writeForward } from '@/server/providers/aws/verbs/forward';
import { isLeaving } from '@/server/providers/aws/verbs/group';
import { oneAtATime } from '@/server/providers/aws/verbs/lock';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { targetGroupKey } from '@/server/providers/aws/words/names';
import {
  isOurs,
  type Membership,
  membershipsIn,
  TAGS,
  type Tags,
  tagList,
  tagsOf,
} from '@/server/providers/aws/words/tags';
import {
  besideOthers,
  forwardWeights,
  type RoutedGroup,
  sumOf,
  weightsIn,
  weightsTag,
} from '@/server/providers/aws/words/weights';
import { ProviderError } from '@/server/providers/provider';

/** Somebody else may write the same listener now and then, and not so often in a row. */
const TRIES = 4;

export interface Routing {
  /** False when a group that may take requests gets none, because too few of its targets are healthy. */
  readonly everybodyServes: boolean;
}

/**
 * Brings a listener to what its groups ask for. AWS knows no version of a listener: everything is read anew, one
 * writer at a time in this process, and read again afterwards in case another process wrote meanwhile.
 * @param decide tags to write first, such as weights; null when nothing of them changes.
 * @throws ProviderError `not_found` when there is no such load balancer.
 */
export function route(
  region: Region,
  name: string,
  decide: (view: BalancerView, behind: readonly AutoScalingGroup[]) => Tags | null = () => null,
): Promise<Routing> {
  return oneAtATime(`${region.name}/${name}`, async () => {
    for (let tried = 1; tried <= TRIES; tried++) {
      const view = await existingBalancer(region, name);
      const behind = await groupsBehind(region, name);
      const wanted = await plan(region, view, behind, decide(view, behind));
      if (sameWeights(view.weights, wanted.weights) && tried > 1) return wanted;
      await write(region, view, wanted);
      // Nothing was written, so nothing can have been lost.
      if (sameWeights(view.weights, wanted.weights)) return wanted;
    }
    throw new ProviderError('pending', `Others write the listener of ${name} over and over.`);
  });
}

/** As `route`; whatever has gone needs no routing. */
export async function routeIfThere(
  region: Region,
  name: string,
  decide?: Parameters<typeof route>[2],
): Promise<void> {
  try {
    await route(region, name, decide);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'not_found') throw error;
  }
}

export async function existingBalancer(region: Region, name: string): Promise<BalancerView> {
  const view = await findBalancer(region, name);
  if (view?.route) return view;
  throw new ProviderError('not_found', `There is no load balancer ${name} in ${region.name}.`);
}

export async function groupsBehind(region: Region, loadBalancer: string): Promise<AutoScalingGroup[]> {
  const filters = [{ Name: 'tag-key', Values: [TAGS.targetGroup + loadBalancer] }];
  return (await readGroups(region, { filters })).filter(isOurs);
}

interface Wanted extends Routing {
  readonly weights: ReadonlyMap<string, number>;
  readonly tags: Tags;
}

async function plan(
  region: Region,
  view: BalancerView,
  behind: readonly AutoScalingGroup[],
  decided: Tags | null,
): Promise<Wanted> {
  const groups = await Promise.all(
    behind.flatMap((group) => {
      const arn = admittedBehind(group, view.name);
      return arn === null ? [] : [routedGroup(region, view, group, arn)];
    }),
  );
  const asked = weightsIn((decided ?? view.tags)[TAGS.weights]);
  const keys = new Set(
    behind.flatMap((group) => (isLeaving(group) ? [] : (weightKeyOf(group, view.name) ?? []))),
  );
  // Of one that waits to be let in, too: its first request already goes by it.
  const kept = Object.fromEntries(Object.entries(asked).filter(([key]) => keys.has(key)));
  const others = await weightsOfOthers(region, view, behind);
  checkRoom(view, groups.length + others.size);
  const ours = sumOf(view.weights) - sumOf(others);
  const othersServe = sumOf(others) > 0;
  const someAble = othersServe || groups.some(({ able }) => able);
  return {
    weights: besideOthers(forwardWeights(groups, kept, othersServe), others, ours),
    tags: { ...decided, [TAGS.weights]: weightsTag(kept) },
    everybodyServes: !someAble || groups.every(({ able }) => able),
  };
}

/** Target groups in the action that somebody else put there: they stay. */
async function weightsOfOthers(
  region: Region,
  view: BalancerView,
  behind: readonly AutoScalingGroup[],
): Promise<ReadonlyMap<string, number>> {
  if (view.isOurs) return new Map();
  const ours = new Set(
    behind.flatMap((group) => membershipsIn(tagsOf(group.Tags)).map(({ targetGroupArn }) => targetGroupArn)),
  );
  const unknown = [...view.weights].filter(([arn]) => !ours.has(arn));
  if (unknown.length === 0) return new Map();
  // One of ours outlives its group when somebody deletes the group by hand.
  const tags = await tagsByArn(
    region,
    unknown.map(([arn]) => arn),
  );
  return new Map(unknown.filter(([arn]) => tags.get(arn)?.[TAGS.managed] === undefined));
}

function checkRoom({ name }: BalancerView, count: number): void {
  if (count <= FORWARD_LIMIT) return;
  throw new ProviderError(
    'conflict',
    `${name} can send to ${FORWARD_LIMIT} target groups at most, and ${count} would get requests. Disable a server group first.`,
  );
}

/** @throws ProviderError `conflict` when no further group can get requests from the load balancer. */
export async function requireRoom(region: Region, name: string): Promise<void> {
  const view = await existingBalancer(region, name);
  const behind = await groupsBehind(region, name);
  const others = await weightsOfOthers(region, view, behind);
  checkRoom(view, behind.filter((group) => admittedBehind(group, name) !== null).length + others.size + 1);
}

/** The key of the group's weight behind the load balancer; null when it is not behind it. */
export function weightKeyOf(group: AutoScalingGroup | undefined, loadBalancer: string): string | null {
  const own = membershipBehind(tagsOf(group?.Tags), loadBalancer);
  return own ? targetGroupKey(own.targetGroupArn) : null;
}

function membershipBehind(tags: Tags, loadBalancer: string): Membership | undefined {
  return membershipsIn(tags).find((one) => one.loadBalancer === loadBalancer);
}

/** The target group by which it is meant to get requests and is registered for them. */
function admittedBehind(group: AutoScalingGroup, loadBalancer: string): string | null {
  const tags = tagsOf(group.Tags);
  const own = membershipBehind(tags, loadBalancer);
  const attached = own !== undefined && (group.TargetGroupARNs ?? []).includes(own.targetGroupArn);
  return attached && tags[TAGS.enabled] === 'true' && !isLeaving(group) ? own.targetGroupArn : null;
}

async function routedGroup(
  region: Region,
  view: BalancerView,
  group: AutoScalingGroup,
  targetGroupArn: string,
): Promise<RoutedGroup> {
  const desired = group.DesiredCapacity ?? 0;
  const healthy = Math.min(desired, healthyIn(await targetHealth(region, targetGroupArn)));
  // One that serves goes on while it has somebody: its weight is not taken for a passing weakness.
  const enough = (view.weights.get(targetGroupArn) ?? 0) > 0 ? 1 : enoughFor(group);
  return { targetGroupArn, healthy, able: healthy >= enough };
}

/** How many healthy targets a group needs before it gets requests. */
export function enoughFor({ MinSize = 0, DesiredCapacity = 0 }: AutoScalingGroup): number {
  return Math.max(1, Math.min(MinSize, DesiredCapacity));
}

export function healthyIn(targets: ReadonlyMap<string, TargetHealth>): number {
  return [...targets.values()].filter(({ State }) => State === 'healthy').length;
}

function sameWeights(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([arn, weight]) => b.get(arn) === weight);
}

async function write(region: Region, view: BalancerView, { weights, tags }: Wanted): Promise<void> {
  const changed = Object.entries(tags).filter(([key, value]) => (view.tags[key] ?? '') !== value);
  if (changed.length > 0)
    await region.elb.send(
      new AddTagsCommand({ ResourceArns: [view.notesArn], Tags: tagList(Object.fromEntries(changed)) }),
    );
  if (!sameWeights(view.weights, weights)) await writeForward(region, view, weights);
}
