/** A place in the frame; its id is also the key of its name in the `nav` catalogue. */
export const PLACES = [
  { id: 'board', href: '/' },
  { id: 'applications', href: '/applications' },
  { id: 'waiting', href: '/waiting' },
  { id: 'features', href: '/features' },
  { id: 'activity', href: '/activity' },
  { id: 'artifacts', href: '/artifacts' },
  { id: 'settings', href: '/settings' },
] as const;
export type PlaceId = (typeof PLACES)[number]['id'];

/** What a thumb needs: approving and switching first, looking second. */
export const PHONE_PLACES: readonly PlaceId[] = ['board', 'waiting', 'features', 'applications', 'activity'];

/** Under which place an address lies; null for one of no place. */
export function placeOf(pathname: string): PlaceId | null {
  if (pathname === '/') return 'board';
  const first = pathname.split('/')[1] ?? '';
  if (first === 'executions') return 'activity';
  if (first === 'new-feature') return 'features';
  return PLACES.find(({ href }) => href === `/${first}`)?.id ?? null;
}

export type Crumb =
  /** Named by the catalogue. */
  | { readonly place: PlaceId | 'canaryConfigs'; readonly href: string }
  | { readonly text: string; readonly href: string };

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Where one is, outermost first; the last is the page itself. */
export function breadcrumb(pathname: string): Crumb[] {
  const place = placeOf(pathname);
  const home = PLACES.find(({ id }) => id === place);
  if (!home) return [];
  const parts = pathname.split('/').filter(Boolean).map(decode);
  const crumbs: Crumb[] = [{ place: home.id, href: home.href }];
  const [section, name, sub, subName, last] = parts;
  if (!name) return crumbs;
  const href = `/${section}/${encodeURIComponent(name)}`;
  crumbs.push({ text: section === 'executions' ? shortId(name) : name, href });
  if (sub === 'canaries' && subName === 'configs') {
    const configs = `${href}/canaries/configs`;
    crumbs.push({ place: 'canaryConfigs', href: configs });
    if (last && last !== 'new') crumbs.push({ text: last, href: `${configs}/${encodeURIComponent(last)}` });
  } else if (sub && subName) {
    const text = UUID.test(subName) ? shortId(subName) : subName;
    crumbs.push({ text, href: `${href}/${sub}/${encodeURIComponent(subName)}` });
  }
  return crumbs;
}

/** The first characters of an id: enough to tell apart what is on one screen. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export type ShortcutAction = PlaceId | 'search' | 'legend';
const SEQUENCES: Readonly<Record<string, ShortcutAction>> = {
  '/': 'search',
  '?': 'legend',
  'g b': 'board',
  'g a': 'applications',
  'g w': 'waiting',
  'g f': 'features',
};

export interface ShortcutStep {
  /** Keys pressed so far of a sequence that may still become an action. */
  readonly pending: string;
  readonly action: ShortcutAction | null;
}

/** What a key means after the ones before it. A key that fits no sequence begins anew. */
export function pressKey(pending: string, key: string): ShortcutStep {
  const pressed = pending ? `${pending} ${key}` : key;
  const action = SEQUENCES[pressed];
  if (action) return { pending: '', action };
  if (Object.keys(SEQUENCES).some((sequence) => sequence.startsWith(`${pressed} `))) {
    return { pending: pressed, action: null };
  }
  return pending ? pressKey('', key) : { pending: '', action: null };
}
