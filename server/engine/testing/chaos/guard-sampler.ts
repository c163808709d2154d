import { setTimeout as pause } from 'node:timers/promises';
import { servingInstances } from '@/server/domain/guard';
import type { Place } from '@/server/engine/testing/chaos/load';
import type { World } from '@/server/engine/testing/chaos/world';

const EVERY_MS = 50;
/** The platform asks its instances anew after it comes back. */
const HEALTH_KNOWN_AFTER_MS = 5_000;

interface Picture {
  /** Instances in groups that may take traffic, well or not. */
  readonly enabled: number;
  readonly healthy: number;
}

/** Asks the platform all the time whether guarded clusters still serve. */
export class GuardSampler {
  readonly violations: string[] = [];
  samples = 0;
  private stopped = false;
  private readonly last = new Map<string, Picture>();
  private readonly loop: Promise<void>;

  constructor(
    private readonly world: World,
    private readonly places: readonly Place[],
  ) {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      for (const place of this.places) await this.look(place);
      await pause(EVERY_MS);
    }
  }

  private async look({ cluster, strategy }: Place): Promise<void> {
    const groups = await this.world.platform.groups(cluster).catch(() => null);
    // The platform is away: nothing can be said.
    if (!groups) return;
    this.samples += 1;
    const before = this.last.get(cluster);
    const now: Picture = {
      enabled: groups
        .filter((group) => group.enabled)
        .reduce((sum, group) => sum + group.instances.length, 0),
      healthy: groups.reduce((sum, group) => sum + servingInstances(group), 0),
    };
    this.last.set(cluster, now);
    const seen = groups.map(
      (group) => `${group.name} ${group.enabled} ${group.instances.map((one) => one.health).join(',')}`,
    );
    if (before && before.enabled > 0 && now.enabled === 0)
      this.violations.push(`${strategy}: nothing is enabled any more: ${seen.join('; ')}`);
    else if (before && before.healthy > 0 && now.healthy === 0 && this.healthIsKnown())
      this.violations.push(`${strategy}: nothing healthy is enabled any more: ${seen.join('; ')}`);
  }

  private healthIsKnown(): boolean {
    return Date.now() - this.world.cloudBackAt > HEALTH_KNOWN_AFTER_MS;
  }
}
