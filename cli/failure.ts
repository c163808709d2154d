/** What ends a command without success. Its message is printed as it stands, without a stack. */
export class Failure extends Error {
  /** @param exitCode 1 when it could not be done, 2 when it was asked for wrongly. */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
    this.name = 'Failure';
  }
}
