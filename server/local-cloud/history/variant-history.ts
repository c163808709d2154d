import type { ServedVariant } from '@/server/local-cloud/balancer/variants';
import { GroupHistory, KEPT_SECONDS } from '@/server/local-cloud/history/group-history';

/** About a tenth of a megabyte each. What comes beyond it is not counted until others are forgotten. */
const MOST = 300;

/**
 * The last hour of what each variant of a toggle did in a cluster, over all its server groups and regions: they serve
 * every variant, so only the application can tell them apart.
 */
export class VariantHistory {
  readonly #histories = new Map<string, GroupHistory>();

  requestEnded(
    cluster: string,
    { toggle, variant }: ServedVariant,
    second: number,
    status: number,
    durationSeconds: number,
  ): void {
    const key = keyOf(cluster, toggle, variant);
    let history = this.#histories.get(key);
    if (!history) {
      if (this.#histories.size >= MOST) return;
      history = new GroupHistory(second);
      this.#histories.set(key, history);
    }
    history.requestEnded(second, status, durationSeconds);
  }

  /** Undefined when nobody was served it. */
  of(cluster: string, { toggle, variant }: ServedVariant): GroupHistory | undefined {
    return this.#histories.get(keyOf(cluster, toggle, variant));
  }

  /** Lets go of what nobody was served for an hour. */
  forget(second: number): void {
    for (const [key, { lastSecond }] of this.#histories)
      if (lastSecond < second - KEPT_SECONDS) this.#histories.delete(key);
  }
}

function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}
