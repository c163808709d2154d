import superjson from 'superjson';

/**
 * How answers and questions travel between the browser and the server: superjson, which keeps what JSON loses. It
 * refuses names that objects have of their own, but people may call a variant or a value “constructor”; one such name
 * that is stored anywhere must not take the page away from everybody. On the way such a name wears a mark.
 */
const MARK = '~';
const NAME = /^~*(?:__proto__|constructor|prototype)$/;
const MARKED = /^~+(?:__proto__|constructor|prototype)$/;

type Travelling = ReturnType<typeof superjson.serialize>;

export const transformer = {
  serialize: (value: unknown): Travelling =>
    superjson.serialize(renamed(value, (key) => (NAME.test(key) ? MARK + key : key))),
  deserialize: (value: Travelling): unknown =>
    renamed(superjson.deserialize(value), (key) => (MARKED.test(key) ? key.slice(MARK.length) : key)),
};

/** A value without such names, as nearly all are, is answered as it is. */
function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item: unknown) => renamed(item, rename));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isPlain(value)) return value;
  const fields = Object.entries(value);
  const named = fields.map(([key, own]) => [rename(key), renamed(own, rename)] as const);
  const isSame = named.every(([key, own], at) => key === fields[at]?.[0] && own === fields[at]?.[1]);
  // Not by assignment, which takes “__proto__” for what an object inherits from.
  return isSame ? value : Object.fromEntries(named);
}

/** Dates and the like are superjson's own. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
