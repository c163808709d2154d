import { type Note, type NoteLevel, Unmappable } from '@/server/interchange/spinnaker/report';

type Json = Readonly<Record<string, unknown>>;

const MAX_SHOWN = 200;

/**
 * A JSON object that keeps account of what was read of it, so that at the end whatever nobody read can be
 * reported. A value of another form than was asked for counts as unread.
 */
export class Source {
  private readonly read = new Set<string>();
  private readonly within: Source[] = [];

  constructor(
    readonly json: Json,
    readonly notes: Note[],
    readonly path = '',
  ) {}

  note(level: NoteLevel, key: string, text: string): void {
    this.notes.push({ level, path: this.at(key), text });
  }

  has(key: string): boolean {
    return Object.hasOwn(this.json, key) && !isEmpty(this.json[key]);
  }

  /** Whatever it is. */
  value(key: string): unknown {
    this.read.add(key);
    return this.json[key];
  }

  text(key: string): string | undefined {
    const value = this.json[key];
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    this.read.add(key);
    return String(value);
  }

  /** @throws Unmappable when it is missing. */
  needText(key: string): string {
    const value = this.text(key);
    if (value) return value;
    throw new Unmappable(`It does not say "${this.at(key)}".`);
  }

  number(key: string): number | undefined {
    const value = this.json[key];
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
    this.read.add(key);
    return number;
  }

  flag(key: string): boolean | undefined {
    const value = this.json[key];
    if (value !== true && value !== false && value !== 'true' && value !== 'false') return undefined;
    this.read.add(key);
    return String(value) === 'true';
  }

  texts(key: string): string[] | undefined {
    const value = this.json[key];
    if (!Array.isArray(value) || !value.every((one) => typeof one === 'string' || typeof one === 'number'))
      return undefined;
    this.read.add(key);
    return value.map(String);
  }

  child(key: string): Source | undefined {
    const value = this.json[key];
    return isJson(value) ? this.enter(value, key, this.at(key)) : undefined;
  }

  children(key: string): Source[] {
    const value = this.json[key];
    if (!Array.isArray(value) || !value.every(isJson)) return [];
    this.read.add(key);
    return value.map((one, index) => this.enter(one, key, `${this.at(key)}.${index}`));
  }

  /** Objects that report of themselves. */
  list(key: string): Json[] {
    const value = this.json[key];
    if (!Array.isArray(value) || !value.every(isJson)) return [];
    this.read.add(key);
    return value;
  }

  /** These say nothing that matters here. */
  needless(why: string, ...keys: string[]): void {
    for (const key of keys) {
      if (!Object.hasOwn(this.json, key)) continue;
      this.read.add(key);
      this.note('info', key, why);
    }
  }

  /** These are not done here; nothing is lost where they are empty or false. */
  lose(why: string, ...keys: string[]): void {
    for (const key of keys) {
      if (!Object.hasOwn(this.json, key)) continue;
      this.read.add(key);
      if (this.has(key) && this.json[key] !== false)
        this.note('lost', key, `${why} It was ${this.shown(key)}.`);
      else this.note('info', key, 'is not used');
    }
  }

  /** Reports what nobody read, here and within. */
  finish(why = 'is not known here'): void {
    for (const key of Object.keys(this.json)) {
      if (this.read.has(key)) continue;
      if (this.has(key)) this.note('lost', key, `${why}. It was ${this.shown(key)}.`);
      else this.note('info', key, 'is empty');
    }
    for (const source of this.within) source.finish(why);
  }

  private enter(json: Json, key: string, path: string): Source {
    this.read.add(key);
    const known = this.within.find((one) => one.json === json);
    if (known) return known;
    const source = new Source(json, this.notes, path);
    this.within.push(source);
    return source;
  }

  private at(key: string): string {
    return [this.path, key].filter(Boolean).join('.');
  }

  private shown(key: string): string {
    return clip(JSON.stringify(withoutSecrets({ [key]: this.json[key] })[key]) ?? '', MAX_SHOWN);
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fields that carry what nobody may read out of a pipeline. `credentials` is the name of an account there. */
const SECRET = /auth|token|secret|password|passphrase|.key$|cookie/i;

export function isSecret(name: string): boolean {
  return SECRET.test(name);
}

/** The same without values that would be read by everyone who may look at the pipeline. */
export function withoutSecrets(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      isSecret(key) && !isEmpty(value) ? '(not shown)' : inner(value),
    ]),
  );
}

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner);
  return isJson(value) ? withoutSecrets(value) : value;
}

export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJson(value) && Object.keys(value).length === 0;
}
