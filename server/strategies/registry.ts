import { automatedcanary } from '@/server/strategies/automatedcanary';
import { canary } from '@/server/strategies/canary';
import { highlander } from '@/server/strategies/highlander';
import { none } from '@/server/strategies/none';
import { recreate } from '@/server/strategies/recreate';
import { redblack } from '@/server/strategies/redblack';
import { rollingredblack } from '@/server/strategies/rollingredblack';
import type { Strategy } from '@/server/strategies/strategy';

/** Every way a new server group can replace the old: one line each. Forms, validation and the catalogue page read this. */
export const strategies: Readonly<Record<string, Strategy>> = {
  automatedcanary,
  canary,
  highlander,
  none,
  recreate,
  redblack,
  rollingredblack,
};
