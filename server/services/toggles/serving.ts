import { message } from '@/server/domain/message';
import type { Serve, Split } from '@/server/domain/toggle-rules';
import type { ToggleServing, VariantShare } from '@/server/domain/views/toggles';
import type { Held, Standing } from '@/server/toggles/environment/standing';
import { fromTargeting } from '@/server/toggles/rules/from-targeting';
import { shareOf } from '@/server/toggles/rules/shares';

/** What a toggle serves in an environment, in words and shares. */
export function servingOf(standing: Standing): ToggleServing {
  const { definition, held, next, nextChangeAt } = standing;
  return {
    on: definition.on,
    held: held?.kind ?? null,
    ...(held ? heldWords(held, definition.offVariant) : ruleWords(standing)),
    next: nextChangeAt && {
      at: nextChangeAt.toISOString(),
      sentence:
        next && Date.parse(next.at) === nextChangeAt.getTime()
          ? message('toggle.next.schedule', { at: nextChangeAt.getTime(), what: whatOf(next.set) })
          : message('toggle.next.expiry', { at: nextChangeAt.getTime() }),
    },
  };
}

type Words = Pick<ToggleServing, 'sentence' | 'shares'>;

/** Which of the texts of a coming change fits. */
function whatOf({ on }: { readonly on?: boolean | undefined }): string {
  return on === undefined ? 'rules' : on ? 'on' : 'off';
}

function heldWords(held: Held, offVariant: string | null): Words {
  const served = outcome(offVariant);
  const shares = everyone(offVariant);
  switch (held.kind) {
    case 'off':
      return { shares, sentence: message('toggle.serves.off', served) };
    case 'expired':
      return { shares, sentence: message('toggle.serves.expired', { ...served, at: Date.parse(held.at) }) };
    case 'version': {
      const { application, minimum } = held.requirement;
      const running = held.running.join(', ');
      const values = { ...served, application, minimum, running, runs: held.running.length };
      return { shares, sentence: message('toggle.serves.version', values) };
    }
    case 'prerequisite': {
      const { toggle, variants } = held.prerequisite;
      const values = { ...served, toggle, wanted: variants.join(', ') };
      return { shares, sentence: message('toggle.serves.prerequisite', values) };
    }
    default:
      return held satisfies never;
  }
}

function ruleWords({ definition, open }: Standing): Words {
  const { targeting, defaultVariant } = definition;
  const list = fromTargeting(targeting);
  if (open.length > 0) {
    const toggles = open.map(({ toggle }) => toggle).join(', ');
    return { shares: null, sentence: message('toggle.serves.behind', { toggles }) };
  }
  if (!list) return { shares: null, sentence: message('toggle.serves.byHand') };
  // A rule without conditions is about everyone, and nobody comes to those after it.
  const last = list.rules.findIndex(({ conditions }) => conditions.length === 0);
  const count = last < 0 ? list.rules.length : last;
  const others = serveShares(list.rules[last]?.serve ?? list.otherwise, defaultVariant);
  if (count > 0) {
    return { shares: null, sentence: message('toggle.serves.rules', { count, parts: partsOf(others) }) };
  }
  const [only, ...more] = others;
  if (only && more.length === 0) {
    return { shares: others, sentence: message('toggle.serves.everyone', outcome(only.variant)) };
  }
  return { shares: others, sentence: message('toggle.serves.split', { parts: partsOf(others) }) };
}

function serveShares(serve: Serve | null, defaultVariant: string | null): VariantShare[] {
  if (!serve) return everyone(defaultVariant);
  return serve.kind === 'variant' ? everyone(serve.variant) : splitShares(serve);
}

/** Variants that nobody gets are left out. */
function splitShares(split: Split): VariantShare[] {
  return [...new Set(split.buckets.map(({ variant }) => variant))].flatMap((variant) => {
    const { weight, total } = shareOf(split, variant);
    return weight === 0 ? [] : [{ variant, percent: (weight / total) * 100 }];
  });
}

function everyone(variant: string | null): VariantShare[] {
  return [{ variant, percent: 100 }];
}

/** “on 25 %, off 75 %”: the same in every language. */
export function partsOf(shares: readonly VariantShare[]): string {
  return shares
    .map(({ variant, percent }) => {
      const share = percent === 100 ? '' : ` ${Number(percent.toFixed(3))} %`;
      return `${variant === null ? '—' : `“${variant}”`}${share}`;
    })
    .join(', ');
}

function outcome(variant: string | null): Record<string, string> {
  return variant === null ? { served: 'code', variant: '' } : { served: 'variant', variant };
}

/** For where nothing of it is served, or nothing of it can be worked out. */
export function unserved(on: boolean, key: string): ToggleServing {
  return { on, held: null, sentence: message(key), shares: null, next: null };
}
