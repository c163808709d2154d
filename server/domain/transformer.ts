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
    isJson(value)
      ? { json: value }
      : superjson.serialize(renamed(value, (key) => (NAME.test(key) ? MARK + key : key))),
  deserialize: (value: Travelling): unknown => {
    const { json, meta } = value;
    // What superjson has nothing to say of it would still copy, which takes long where there are thousands of instances.
    const whole: unknown = meta === undefined ? json : superjson.deserialize(value);
    return hasName(whole, MARKED)
      ? renamed(whole, (key) => (MARKED.test(key) ? key.slice(MARK.length) : key))
      : whole;
  },
};

/** Whether JSON alone brings it over as it is, as it does nearly everything; so superjson need not look at it. */
function isJson(value: unknown): value is Travelling['json'] {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isJson);
  if (!isPlain(value) || 'toJSON' in value) return false;
  return Object.keys(value).every((key) => !NAME.test(key)) && Object.values(value).every(isJson);
}

function hasName(value: unknown, name: RegExp): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => hasName(item, name));
  return (
    isPlain(value) &&
    (Object.keys(value).some((key) => name.test(key)) ||
      Object.values(value).some((own) => hasName(own, name)))
  );
}

/** The same value, where no name is another one afterwards. */
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
