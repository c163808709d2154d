import type { Database } from '@/db/client';
import type { OpenSource } from '@/server/analysis/open-source';
import type { Clock } from '@/server/domain/clock';
import type { OutboundPolicy } from '@/server/outbound/policy';
import type { Provider } from '@/server/providers/provider';

/** What stages may reach. Given to them, so that tests can give something else. */
export interface EngineServices {
  readonly db: Database;
  readonly clock: Clock;
  /** Which private places stages may call. */
  readonly outbound: OutboundPolicy;
  /** The provider of an account, behind its circuit breaker and rate budget. */
  provider(account: string): Promise<Provider>;
  /** @throws AppError when there is none of that name, or its settings do not fit. */
  metricsSource(name: string): Promise<OpenSource>;
}
