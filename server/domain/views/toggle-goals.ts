/** How often each variant was served, and which goals were tracked by those who had it. */
export interface ToggleGoals {
  readonly from: string;
  readonly to: string;
  /** Those it stands in, in their order. */
  readonly environments: readonly {
    readonly environment: string;
    readonly variants: readonly VariantGoals[];
  }[];
}

export interface VariantGoals {
  /** Null for the default in the code. */
  readonly variant: string | null;
  readonly evaluations: number;
  /** The most frequent first. */
  readonly goals: readonly {
    readonly goal: string;
    readonly count: number;
    /** Of the values that were sent with them. */
    readonly sum: number;
  }[];
}
