import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateTagsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from '@playwright/test';
import { controlPlaneFolder, isBuilt } from '@/server/conformance/kubernetes/build.mjs';
import type { ArtifactRef } from '@/server/domain/inventory';
import { startMoto } from '@/server/metrics/testing/moto-server';
import { type FaultProxy, startFaultProxy } from '@/server/providers/aws/testing/fault-proxy';
import { startControlPlane } from '@/server/providers/kubernetes/testing/control-plane';

export const AWS_REGION = 'eu-west-1';
export const NAMESPACE = 'shop';
/** moto takes any; what Signalbox runs with finds them in its environment, as it would on a real machine. */
export const AWS_KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'tester' };

/** The back ends of the conformance tests: where they are, or why there is no test with them. */
export function findClouds(): { readonly controlPlane: string } | { readonly missing: string } {
  const given = process.env.SIGNALBOX_TEST_CONTROL_PLANE;
  if (!given && !isBuilt()) {
    return {
      missing: 'no Kubernetes control plane has been built: run npm run test:conformance -- kubernetes',
    };
  }
  const moto = process.env.SIGNALBOX_TEST_MOTO ?? 'moto_server';
  if (!canRun(moto)) {
    return { missing: `${moto} is not on this machine. With Python: pip install 'moto[server]'` };
  }
  return { controlPlane: given ? path.resolve(given) : controlPlaneFolder() };
}

function canRun(command: string): boolean {
  const folders = command.includes(path.sep) ? [''] : (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => {
    try {
      accessSync(path.resolve(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A Kubernetes cluster and an AWS, each as an account can be made of it and as its operators see it. */
export interface Clouds {
  readonly kubernetes: { readonly config: object; serving(cluster: string): Promise<string[]> };
  readonly aws: {
    readonly config: object;
    readonly proxy: FaultProxy;
    /** An image with the tags by which it is an artifact. */
    addImage(artifact: ArtifactRef): Promise<void>;
    serving(cluster: string): Promise<string[]>;
  };
  stop(): Promise<void>;
}

export async function startClouds(controlPlane: string): Promise<Clouds> {
  const [kubernetes, aws] = await Promise.all([startKubernetes(controlPlane), startAws()]);
  return {
    kubernetes,
    aws,
    stop: async () => {
      await Promise.all([kubernetes.stop(), aws.stop()]);
    },
  };
}

async function startKubernetes(binaries: string) {
  const plane = await startControlPlane({ binaries });
  const { rest } = plane;
  await rest.must('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
  await expect.poll(async () => (await rest.request('GET', account)).status).toBe(200);
  return {
    config: { kubeconfig: plane.kubeconfig, namespaces: [NAMESPACE], images: 'registry.test/{name}' },
    /** Server groups whose pods a Service sends requests to, by its EndpointSlices. */
    async serving(cluster: string): Promise<string[]> {
      const selector = `labelSelector=kubernetes.io/service-name%3D${cluster}`;
      const { items } = await rest.must<{ items: EndpointSlice[] }>(
        'GET',
        `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices?${selector}`,
      );
      const ready = items.flatMap(({ endpoints }) => endpoints ?? []).filter((one) => one.conditions?.ready);
      return groupsIn(ready.map(({ targetRef }) => targetRef?.name ?? ''));
    },
    stop: () => plane.stop(),
  };
}

interface EndpointSlice {
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: { readonly name?: string };
  }[];
}

async function startAws() {
  const moto = await startMoto();
  const proxy = await startFaultProxy(moto.url);
  const client = {
    region: AWS_REGION,
    // Past the proxy: what is asserted must not depend on the faults.
    endpoint: moto.url,
    credentials: {
      accessKeyId: AWS_KEYS.AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_KEYS.AWS_SECRET_ACCESS_KEY,
    },
  };
  const ec2 = new EC2Client(client);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 2);
  return {
    config: { endpoint: proxy.url, regions: [{ region: AWS_REGION, subnets }], sweepSeconds: 1 },
    proxy,
    async addImage({ name, version, digest }: ArtifactRef): Promise<void> {
      const { ImageId = '' } = await ec2.send(new RegisterImageCommand({ Name: `${name}-${version}` }));
      const tags = { artifact: name, version, digest };
      const Tags = Object.entries(tags).map(([key, Value]) => ({ Key: `signalbox:${key}`, Value }));
      await ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags }));
    },
    serving: (cluster: string) =>
      weighted(new AutoScalingClient(client), new ElasticLoadBalancingV2Client(client), cluster),
    async stop() {
      await proxy.stop();
      await moto.stop();
    },
  };
}

/** Auto Scaling groups of a cluster whose target groups a listener gives a weight. */
async function weighted(
  scaling: AutoScalingClient,
  balancing: ElasticLoadBalancingV2Client,
  cluster: string,
): Promise<string[]> {
  const sent = new Set<string>();
  const { LoadBalancers = [] } = await balancing.send(new DescribeLoadBalancersCommand({}));
  for (const { LoadBalancerArn } of LoadBalancers) {
    const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn }));
    for (const { DefaultActions = [] } of Listeners)
      for (const { ForwardConfig } of DefaultActions)
        for (const { TargetGroupArn = '', Weight = 0 } of ForwardConfig?.TargetGroups ?? [])
          if (Weight > 0) sent.add(TargetGroupArn);
  }
  const { AutoScalingGroups = [] } = await scaling.send(new DescribeAutoScalingGroupsCommand({}));
  return AutoScalingGroups.filter(
    ({ AutoScalingGroupName: name = '', TargetGroupARNs = [] }) =>
      name.startsWith(`${cluster}-v`) && TargetGroupARNs.some((arn) => sent.has(arn)),
  ).flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []);
}

/** `shop-core-v001` of `shop-core-v001-x7f2k`. */
function groupsIn(pods: readonly string[]): string[] {
  return [...new Set(pods.map((pod) => /^.*-v\d{3}/.exec(pod)?.[0] ?? pod))].toSorted();
}
