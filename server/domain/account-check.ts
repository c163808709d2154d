/** What a look at an account found, as sentences for the people who connect it. Never a credential. */
export interface AccountCheck {
  /** False when something that the account is for cannot be done. */
  readonly ok: boolean;
  /** What is there: which cluster, its version, how many namespaces. */
  readonly facts: readonly string[];
  /** What is missing, each with what it keeps from working. */
  readonly problems: readonly string[];
}
