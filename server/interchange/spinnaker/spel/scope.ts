/** What an expression of the original may name, and how it is called here. */
export interface SpelScope {
  /** refId of the stage that took the place of the one with this name or original refId. */
  stage(nameOrRefId: string): string | undefined;
  /** Name of a parameter here, by its name there. */
  parameter(name: string): string | undefined;
  /** refId of the stage that works out this variable. */
  variable(name: string): string | undefined;
}
