import type { ServiceKey } from '@/server/providers/kubernetes/watch/endpoints';
import type { InventoryNotice } from '@/server/providers/provider';

/** What has to be reckoned again, and whom to tell, since somebody last looked. */
export class Dirt {
  readonly groups = new Set<string>();
  readonly services = new Set<ServiceKey>();
  /** Routes or services came or went: every load balancer is looked at. */
  balancers = true;
  firewalls = true;
  private readonly pending = new Map<string, InventoryNotice>();

  tell(region: string, application: string | null, cluster: string | null): void {
    this.pending.set(`${region}/${application}/${cluster}`, { region, application, cluster });
  }

  takeNotices(): InventoryNotice[] {
    const notices = [...this.pending.values()];
    this.pending.clear();
    return notices;
  }

  get hasNotices(): boolean {
    return this.pending.size > 0;
  }

  get isClean(): boolean {
    return !this.balancers && !this.firewalls && this.groups.size === 0 && this.services.size === 0;
  }

  clean(): void {
    this.groups.clear();
    this.services.clear();
    this.balancers = false;
    this.firewalls = false;
  }
}
