/** In which an instance tells which variants of toggles its answer was made with: `badge=on, order=by-price`. */
export const VARIANTS_HEADER = 'x-toggle-variants';

/** More would be a mistake of the instance, and each costs memory for an hour. */
const MOST = 20;
const LONGEST = 200;

export interface ServedVariant {
  readonly toggle: string;
  readonly variant: string;
}

/** What the header says; names are percent-encoded in it, and what is no pair of names is passed over. */
export function variantsOf(header: string | readonly string[] | undefined): ServedVariant[] {
  const pairs = String(header ?? '').split(',');
  return pairs.slice(0, MOST).flatMap((pair) => {
    const [toggle, variant, ...rest] = pair.split('=').map(decoded);
    return toggle && variant && rest.length === 0 ? [{ toggle, variant }] : [];
  });
}

/** Null for what is too long or wrongly encoded. */
function decoded(text: string): string | null {
  try {
    const name = decodeURIComponent(text.trim());
    return name.length > LONGEST ? null : name;
  } catch {
    return null;
  }
}
