import { highlander } from '@/server/strategies/highlander';
import { redblack } from '@/server/strategies/redblack';
import type { Strategy } from '@/server/strategies/strategy';

/** Every way a new server group can replace the old: one line each. Forms, validation and the catalogue page read this. */
export const strategies: Readonly<Record<string, Strategy>> = {
  highlander,
  redblack,
};
