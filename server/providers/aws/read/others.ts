import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { paginateDescribeImages } from '@aws-sdk/client-ec2';
import { FILTER_VALUES, inParts, readGroups } from '@/server/providers/aws/read/groups';
import { OthersRouting } from '@/server/providers/aws/read/others-balancers';
import type { Region } from '@/server/providers/aws/verbs/platform';
import { monikerOf } from '@/server/providers/aws/words/keeper-of';
import { isOurs, tagsOf } from '@/server/providers/aws/words/tags';

/** AWS finds groups by their tags and not by parts of their names, so that all are listed now and then. */
const NAMES_KEPT_MS = 5 * 60_000;

/** What is remembered of what others made in a region. Nothing is decided on it but which number is free. */
export class Others {
  readonly routing = new OthersRouting();
  private names: { readonly at: number; readonly byCluster: ReadonlyMap<string, readonly string[]> } | null =
    null;
  private readonly images = new Map<string, string>();

  /** All groups of the region have been read. */
  seen(groups: readonly AutoScalingGroup[]): void {
    const byCluster = new Map<string, string[]>();
    for (const group of groups) {
      if (isOurs(group)) continue;
      const name = group.AutoScalingGroupName ?? '';
      const { cluster } = monikerOf(name, tagsOf(group.Tags));
      byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), name]);
    }
    this.names = { at: performance.now(), byCluster };
  }

  /** Another name than those noted has been met. */
  forget(): void {
    this.names = null;
  }

  /** The groups that others have in a cluster, by their names of some minutes ago and as they are now. */
  async inCluster(region: Region, cluster: string, signal?: AbortSignal): Promise<AutoScalingGroup[]> {
    if (this.names === null || performance.now() - this.names.at > NAMES_KEPT_MS)
      this.seen(await readGroups(region, {}, signal));
    const names = this.names?.byCluster.get(cluster) ?? [];
    if (names.length === 0) return [];
    return (await readGroups(region, { names }, signal)).filter((group) => !isOurs(group));
  }

  /** Numbers that names of groups of others have taken in a cluster. */
  async sequencesIn(region: Region, cluster: string, signal?: AbortSignal): Promise<number[]> {
    const groups = await this.inCluster(region, cluster, signal);
    return groups.flatMap(
      ({ AutoScalingGroupName = '', Tags }) => monikerOf(AutoScalingGroupName, tagsOf(Tags)).sequence ?? [],
    );
  }

  /** What images are called. An image keeps its name, so that each is asked for once. */
  async imageNames(
    { ec2 }: Region,
    ids: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const unknown = ids.filter((id) => !this.images.has(id));
    for (const Values of inParts(unknown, FILTER_VALUES)) {
      const pages = paginateDescribeImages(
        { client: ec2 },
        { Filters: [{ Name: 'image-id', Values }] },
        { abortSignal: signal },
      );
      for await (const { Images = [] } of pages)
        for (const { ImageId = '', Name } of Images) if (Name) this.images.set(ImageId, Name);
      // Of one that is not shown to us, nothing else will be known later.
      for (const id of Values) if (!this.images.has(id)) this.images.set(id, 'machine image');
    }
    return this.images;
  }
}
