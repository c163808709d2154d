import { LifecycleState } from '@aws-sdk/client-auto-scaling';
import { TargetHealthStateEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { INSTANCE_HEALTH } from '@/server/domain/inventory';
import { launchTrouble, missingCount } from '@/server/providers/aws/words/activities';
import { firewallOf, permissionOf } from '@/server/providers/aws/words/firewall-of';
import { instanceOf, verdictOn } from '@/server/providers/aws/words/instance-of';
import { noted, standingOf } from '@/server/providers/aws/words/ledger';
import { shortName, targetGroupKey } from '@/server/providers/aws/words/names';
import { type Surroundings, serverGroupOf } from '@/server/providers/aws/words/server-group-of';
import { configKeysIn, configKeyTags, TAGS, tagList } from '@/server/providers/aws/words/tags';
import { userDataOf } from '@/server/providers/aws/words/user-data';
import { besideOthers, forwardWeights, weightsIn, weightsTag } from '@/server/providers/aws/words/weights';

const member = (LifecycleState: string, HealthStatus = 'Healthy') =>
  // AWS knows states that the SDK of the day does not.
  ({
    InstanceId: 'i-1',
    LifecycleState: LifecycleState as 'InService',
    HealthStatus,
    AvailabilityZone: 'a',
    ProtectedFromScaleIn: false,
  });

describe('the health of an instance', () => {
  it.each([
    ['Pending:Wait', 'starting'],
    ['Terminating:Proceed', 'draining'],
    ['Standby', 'down'],
    ['Warmed:Stopped', 'down'],
    ['ReplacingRootVolume:Wait', 'starting'],
    ['SomethingNew:Wait', 'unknown'],
  ])('in %s is %s, with the state as reason', (state, health) => {
    expect(verdictOn(member(state), [])).toEqual({ health, reason: state });
  });

  it('is a word of ours for every state that the SDK knows', () => {
    for (const state of Object.values(LifecycleState))
      for (const target of Object.values(TargetHealthStateEnum))
        expect(INSTANCE_HEALTH).toContain(verdictOn(member(state), [{ State: target }]).health);
  });

  it('in service is what the worst of its load balancers says', () => {
    const sick = { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' } as const;
    expect(verdictOn(member('InService'), [])).toEqual({ health: 'healthy', reason: null });
    expect(verdictOn(member('InService'), [{ State: 'healthy' }, sick])).toEqual({
      health: 'unhealthy',
      reason: 'Target.Timeout: Request timed out',
    });
    expect(verdictOn(member('InService'), [undefined]).health).toBe('starting');
    expect(verdictOn(member('InService', 'Unhealthy'), [{ State: 'healthy' }]).health).toBe('unhealthy');
  });
});

describe('launches', () => {
  const group = { DesiredCapacity: 2, Instances: [member('InService'), member('Terminating')] };
  const activity = (StatusCode: 'Failed' | 'Successful' | 'InProgress', minute: number) => ({
    ActivityId: String(minute),
    AutoScalingGroupName: 'g',
    Cause: 'c',
    StatusCode,
    StatusMessage: `message ${minute}`,
    StartTime: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  });
  const whole = {
    ...group,
    AutoScalingGroupName: 'g',
    MinSize: 0,
    MaxSize: 2,
    DefaultCooldown: 0,
    AvailabilityZones: [],
    HealthCheckType: 'EC2',
    CreatedTime: new Date(0),
  };

  it('lack those that leave', () => {
    expect(missingCount(whole)).toBe(1);
  });

  it('are in trouble by the last activity that ended, and by suspension', () => {
    expect(launchTrouble(whole, [activity('Failed', 1), activity('InProgress', 2)])?.reason).toBe(
      'message 1',
    );
    expect(launchTrouble(whole, [activity('Failed', 1), activity('Successful', 2)])).toBeNull();
    const suspended = {
      ...whole,
      SuspendedProcesses: [{ ProcessName: 'Launch', SuspensionReason: 'by hand' }],
    };
    expect(launchTrouble(suspended, [])?.reason).toContain('by hand');
  });

  it('that are suspended by AWS itself say so', () => {
    const SuspensionReason =
      'Administrative suspension: the group has failed to launch instances for 24 hours';
    const SuspendedProcesses = [{ ProcessName: 'Launch', SuspensionReason }];
    expect(launchTrouble({ ...whole, SuspendedProcesses }, [])?.reason).toContain(
      'Administrative suspension',
    );
  });

  it('beside suspended registration leave instances that will never serve', () => {
    const isLeftOut = (targets: { State: 'healthy' }[] | [undefined], isHeldBack = true) =>
      instanceOf(member('InService'), undefined, targets, { createdAt: '', isHeldBack }).blocked;
    expect(isLeftOut([undefined])).toContain('AddToLoadBalancer is suspended');
    expect(isLeftOut([undefined], false)).toBeUndefined();
    expect(isLeftOut([{ State: 'healthy' }])).toBeUndefined();
  });

  it('that fail stand for instances, each with the reason', () => {
    const marks = { [TAGS.cluster]: 'shop-prod', [TAGS.artifactDigest]: 'sha256:0' };
    const Tags = tagList({ ...marks, [TAGS.managed]: 'true' });
    const around: Surroundings = {
      machines: new Map(),
      health: new Map(),
      shares: new Map(),
      balancers: new Map(),
      balancerIds: new Map(),
      images: new Map(),
      activities: new Map([['g', [activity('Failed', 1)]]]),
    };
    const seen = serverGroupOf('cloud', 'eu-west-1', { ...whole, Tags }, around);
    expect(seen?.instances.map(({ health, blocked }) => [health, blocked])).toEqual([
      ['down', 'message 1'],
      ['healthy', undefined],
      ['draining', undefined],
    ]);
    expect(serverGroupOf('cloud', 'eu-west-1', whole, around)).toBeNull();
  });
});

describe('names that AWS takes', () => {
  it('are short, without a hyphen at either end, and differ where what they stand for does', () => {
    const names = [
      'shop-prod-v001',
      `${'shop'.repeat(20)}-v001`,
      `${'shop'.repeat(20)}-v002`,
      '--x--',
      'internal-shop',
    ];
    const short = names.map((name) => shortName(name, 'lb'));
    for (const name of short)
      expect(name).toMatch(/^(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/);
    expect(new Set(short).size).toBe(names.length);
    const arn = `arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/${short[0]}/50dc6c495c0c9188`;
    expect(short[0]?.endsWith(targetGroupKey(arn))).toBe(true);
  });
});

describe('weights', () => {
  const arn = (name: string) => `arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/g-${name}/1`;
  const group = (name: string, healthy: number, able = true) => ({
    targetGroupArn: arn(name),
    healthy,
    able,
  });

  it('are those asked for, in the smallest whole numbers', () => {
    expect([...forwardWeights([group('a', 2), group('b', 2)], { a: 90, b: 10 }).values()]).toEqual([9, 1]);
  });

  it('follow the healthy instances where none are asked for', () => {
    expect([...forwardWeights([group('a', 3), group('b', 1)], {}).values()]).toEqual([3, 1]);
  });

  it('are zero for who cannot serve, unless nobody can', () => {
    expect([...forwardWeights([group('a', 2), group('b', 0, false)], { a: 1, b: 1 }).values()]).toEqual([
      1, 0,
    ]);
    expect([...forwardWeights([group('b', 0, false)], {}).values()]).toEqual([1]);
  });

  it('stay within what a listener takes', () => {
    const given = forwardWeights([group('a', 1), group('b', 1)], { a: 100_000, b: 1 });
    expect([...given.values()]).toEqual([999, 1]);
  });

  it('wait while others serve, however little is asked for', () => {
    expect([...forwardWeights([group('b', 0, false)], {}, true).values()]).toEqual([0]);
  });

  it('leave the part of others in the same action as it is', () => {
    const weights = (entries: Record<string, number>) => new Map(Object.entries(entries));
    const theirs = weights({ x: 3, y: 1 });
    const begun = besideOthers(weights({ a: 1 }), theirs, 0);
    expect(Object.fromEntries(begun)).toEqual({ x: 3, y: 1, a: 4 });
    const canary = besideOthers(weights({ a: 9, b: 1 }), theirs, 4);
    expect(Object.fromEntries(canary)).toEqual({ x: 15, y: 5, a: 18, b: 2 });
    const none = besideOthers(weights({ a: 0 }), theirs, 4);
    expect(Object.fromEntries(none)).toEqual({ x: 3, y: 1, a: 0 });
  });

  it('are kept in a tag', () => {
    expect(weightsIn(weightsTag({ a: 90, b: 0.1 }))).toEqual({ a: 90, b: 0.1 });
    expect(weightsIn('')).toEqual({});
  });
});

describe('the ledger in a tag', () => {
  const op = (id: string, fence = 1) => ({ id, fence });

  it('tells new from begun from over, and refuses the late', () => {
    const first = noted({}, op('a', 2), 'size');
    expect(standingOf(first, op('a', 2), 'size')).toBe('begun');
    expect(standingOf(first, op('b'), 'size')).toBe('new');
    expect(() => standingOf(first, op('a', 1), 'size')).toThrow('taken over');
    const second = noted(first, op('b'), 'size');
    expect(standingOf(second, op('a', 3), 'size')).toBe('over');
  });

  it('has room for ten, however long their ids and fences', () => {
    let tags = {};
    for (let i = 0; i < 30; i++) tags = noted(tags, op(`${'x'.repeat(200)}${i}`, 9_999_999), 'size');
    expect(Object.values<string>(tags)[0]?.length).toBeLessThanOrEqual(256);
    expect(standingOf(tags, op(`${'x'.repeat(200)}29`, 9_999_999), 'size')).toBe('begun');
  });
});

describe('configuration', () => {
  it('has its names in tags of the size that AWS takes, and never its values', () => {
    const keys = Array.from({ length: 60 }, (_, index) => `VARIABLE_${String(index).padStart(3, '0')}`);
    const tags = configKeyTags(keys);
    for (const value of Object.values(tags)) expect(value.length).toBeLessThanOrEqual(256);
    expect(configKeysIn(tags)).toEqual(keys);
  });

  it('reaches instances as a file that systemd reads back unchanged', () => {
    const text = Buffer.from(userDataOf({ A: 'say "$x"\\' }) ?? '', 'base64').toString();
    const { write_files: files } = JSON.parse(text.replace('#cloud-config\n', ''));
    expect(files).toMatchObject([{ permissions: '0600', content: 'A="say \\"\\$x\\"\\\\"\n' }]);
    expect(userDataOf({})).toBeUndefined();
  });

  it('is refused where it cannot be a variable, or is too much', () => {
    expect(() => userDataOf({ 'A B': '' })).toThrow('environment variable');
    expect(() => userDataOf({ A: 'x\ny' })).toThrow('one line');
    expect(() => userDataOf({ A: 'x'.repeat(17_000) })).toThrow('16 KB');
  });
});

describe('a firewall', () => {
  it.each(['10.0.0.0/8', '2001:db8::/32', 'sg-0123'])('takes %s and shows it again', (source) => {
    const rule = { protocol: 'tcp' as const, fromPort: 80, toPort: 81, source };
    const permission = permissionOf(rule);
    if (!permission) throw new Error('it is a source');
    const Tags = tagList({ [TAGS.firewall]: 'web', [TAGS.application]: 'shop' });
    expect(firewallOf('cloud', 'eu', { Tags, IpPermissions: [permission] })).toMatchObject({
      name: 'web',
      application: 'shop',
      rules: [rule],
    });
  });

  it.each(['x', '10.0.0.1', '300.0.0.0/8', '10.0.0.0/33'])('does not take %s', (source) => {
    expect(permissionOf({ protocol: 'tcp', fromPort: 1, toPort: 2, source })).toBeNull();
  });
});
