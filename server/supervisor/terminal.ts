import { say } from './setup/progress.mjs';

/** What `npm start` tells the person who typed it. The processes' own logs are files. */
export const terminal = {
  /** A step, with the seconds since the start. */
  step: (text: string): void => say(text),
  /** The one line that stays. */
  line: (text: string): void => void process.stdout.write(`${text}\n`),
  error: (text: string): void => void process.stderr.write(`${text}\n`),
};

/** A terminal that was closed must not end the supervisor before it stopped its children. */
export function survivePipeLoss(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
