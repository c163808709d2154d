import { describe, expect, it } from 'vitest';
import { replicaSetFor } from '@/server/providers/kubernetes/verbs/group-objects';
import { imageFor } from '@/server/providers/kubernetes/verbs/image';
import { checkGroupName, labelValue } from '@/server/providers/kubernetes/verbs/names';
import type { PodTemplate } from '@/server/providers/kubernetes/verbs/pod-template';
import { ANNOTATIONS, LABELS, trafficLabel } from '@/server/providers/kubernetes/words/labels';
import type { ServerGroupSpec } from '@/server/providers/provider';

const digest = `sha256:${'a'.repeat(64)}`;
const platform = { config: { namespaces: ['shop'], port: 8080 } };
const spec = (changes: Partial<ServerGroupSpec> = {}): ServerGroupSpec => ({
  region: 'shop',
  application: 'shop',
  cluster: 'shop-prod',
  name: 'shop-prod-v003',
  artifact: { name: 'registry.example/shop', version: '1.0.0', digest },
  capacity: { min: 1, desired: 3, max: 5 },
  config: { DATABASE_URL: 'postgres://secret' },
  loadBalancers: ['shop-lb'],
  enabled: false,
  ...changes,
});
const made = (changes: Partial<ServerGroupSpec> = {}, kept: PodTemplate | null = null) =>
  replicaSetFor(platform, spec(changes), kept, new Date(0));
const main = (object: ReturnType<typeof made>) => object.spec?.template?.spec?.containers[0];

describe('the ReplicaSet of a server group', () => {
  it('selects by identity alone, so that traffic can change without replacing pods', () => {
    const { spec: enabled } = made({ enabled: true });
    expect(enabled?.selector.matchLabels).toEqual({
      [LABELS.cluster]: 'shop-prod',
      [LABELS.serverGroup]: 'shop-prod-v003',
    });
    expect(enabled?.template?.metadata?.labels).toMatchObject({
      ...enabled?.selector.matchLabels,
      [trafficLabel('shop-lb')]: 'true',
    });
  });

  it('lets no requests in before it is enabled', () => {
    expect(made().spec?.template?.metadata?.labels?.[trafficLabel('shop-lb')]).toBeUndefined();
    expect(made().metadata.annotations?.[ANNOTATIONS.enabled]).toBe('false');
  });

  it('keeps the names of configuration values on itself and the values in the container alone', () => {
    const object = made();
    expect(object.metadata.annotations?.[ANNOTATIONS.configKeys]).toBe('["DATABASE_URL"]');
    expect(JSON.stringify(object.metadata)).not.toContain('secret');
    expect(main(object)?.env).toEqual([
      { name: 'PORT', value: '8080' },
      { name: 'DATABASE_URL', value: 'postgres://secret' },
    ]);
  });

  it('runs a plain container that is ready when its port is open, where nobody keeps a template', () => {
    expect(main(made())).toMatchObject({
      name: 'main',
      image: `registry.example/shop:1.0.0@${digest}`,
      readinessProbe: { tcpSocket: { port: 8080 } },
    });
    expect(made().spec?.template?.spec?.automountServiceAccountToken).toBe(false);
  });

  it('puts image and variables into the kept template and leaves all else as the people of the cluster want it', () => {
    const resources = { limits: { memory: '1Gi' } };
    const kept: PodTemplate = {
      metadata: {
        labels: { team: 'blue', [LABELS.cluster]: 'other', [trafficLabel('shop-lb')]: 'true' },
        annotations: { 'a.example/b': 'c' },
      },
      spec: {
        serviceAccountName: 'shop',
        containers: [
          { name: 'proxy', image: 'proxy:1' },
          {
            name: 'main',
            resources,
            env: [
              { name: 'PORT', value: '9000' },
              { name: 'DATABASE_URL', value: 'of the template' },
              { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
            ],
          },
        ],
      },
    };
    const { metadata, spec: pod } = made({}, kept).spec?.template ?? {};
    expect(metadata?.labels).toMatchObject({ team: 'blue', [LABELS.cluster]: 'shop-prod' });
    expect(metadata?.labels?.[trafficLabel('shop-lb')]).toBeUndefined();
    expect(metadata?.annotations).toEqual({ 'a.example/b': 'c' });
    expect(pod).toMatchObject({ serviceAccountName: 'shop' });
    expect(pod?.containers[0]).toEqual({ name: 'proxy', image: 'proxy:1' });
    expect(pod?.containers[1]).toEqual({
      name: 'main',
      resources,
      image: `registry.example/shop:1.0.0@${digest}`,
      env: [
        { name: 'PORT', value: '9000' },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'DATABASE_URL', value: 'postgres://secret' },
      ],
    });
  });
});

describe('an image', () => {
  it('is found by its digest; name and version are for people', () => {
    const artifact = { name: 'shop', version: '2.0.0', digest };
    expect(imageFor({}, artifact)).toBe(`shop:2.0.0@${digest}`);
    expect(imageFor({ images: 'registry.example:5000/{name}' }, artifact)).toBe(
      `registry.example:5000/shop:2.0.0@${digest}`,
    );
    expect(imageFor({}, { ...artifact, version: '2.0.0+build' })).toBe(`shop@${digest}`);
  });

  it('is not there for an artifact without one', () => {
    const artifact = { name: 'shop', version: '2.0.0', digest: 'sha256:00' };
    expect(() => imageFor({}, artifact)).toThrow('artifact shop 2.0.0 has no image');
  });
});

describe('names', () => {
  const check = (name: string, application: string, cluster: string) => () =>
    checkGroupName(spec({ name, application, cluster }));

  it('are refused in words where a cluster would refuse them', () => {
    expect(check('2048-v000', '2048', '2048')).toThrow('rename application 2048');
    expect(check('Shop-v000', 'Shop', 'Shop')).toThrow('lower-case letters');
    const long = `shop-${'x'.repeat(50)}`;
    expect(check(`${long}-v000`, 'shop', long)).toThrow('leave room for 57');
    expect(check('other-v000', 'shop', 'shop-prod')).toThrow('does not belong');
    expect(check('shop-prod-v003', 'shop', 'shop-prod')).not.toThrow();
  });

  it('become values of labels', () => {
    expect(labelValue('1.0.0+build/7')).toBe('1.0.0_build_7');
    expect(labelValue(`_${'x'.repeat(70)}-`)).toBe('x'.repeat(62));
    expect(labelValue('+')).toBe('');
  });
});
