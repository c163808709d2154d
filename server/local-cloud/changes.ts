/** What changed, as coarse as a reader needs to look again; null means "anything". */
export interface ChangeNotice {
  readonly region: string | null;
  readonly application: string | null;
  /** Of a job: its name. */
  readonly cluster: string | null;
}

type Listener = (notice: ChangeNotice) => void;

/** Tells watchers that something changed; they read the inventory to learn what. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  /** @returns a function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(notice: ChangeNotice): void {
    for (const listener of this.#listeners) listener(notice);
  }
}
