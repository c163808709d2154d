import { hashToken } from '@/server/services/auth/token';

/** By which an application asks. It opens one environment and nothing else. */
export interface ClientKey {
  readonly id: string;
  readonly environment: string;
  /** web: stands in pages that anyone reads; it gets answers, never definitions. */
  readonly kind: 'server' | 'web';
}

/** More different keys than this are not asked for by honest clients: the memory of them starts anew. */
const MOST_KNOWN = 10_000;

/** The keys that are valid now, in memory: a request costs no query, and a wrong key no more than a right one. */
export class ClientKeys {
  readonly #byHash = new Map<string, ClientKey>();
  readonly #byId = new Map<string, ClientKey>();
  /** What was presented before: hashing costs more than all of the rest. */
  readonly #byText = new Map<string, ClientKey>();

  constructor(keys: readonly (ClientKey & { readonly hash: string })[]) {
    for (const { hash, ...key } of keys) {
      this.#byHash.set(hash, key);
      this.#byId.set(key.id, key);
    }
  }

  /** Null for one that is unknown or revoked. */
  find(text: string): ClientKey | null {
    const known = this.#byText.get(text);
    if (known) return known;
    const key = this.#byHash.get(hashToken(text));
    if (!key) return null;
    if (this.#byText.size >= MOST_KNOWN) this.#byText.clear();
    this.#byText.set(text, key);
    return key;
  }

  withId(id: string): ClientKey | null {
    return this.#byId.get(id) ?? null;
  }
}
