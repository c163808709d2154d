/**
 * Plain lines with the seconds since the start: readable in a terminal, a log and a CI page alike.
 */

/** The moment the process began, so that the first line already counts Node's own start. */
const beginning = Date.now() - Math.round(process.uptime() * 1000);

/** @param {string} text */
export function say(text) {
  const seconds = ((Date.now() - beginning) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`[${seconds} s] ${text}\n`);
}

/** A refusal that needs no stack trace: one sentence that says what to do. */
export class Refusal extends Error {}

/**
 * Runs an entry, and turns a failure into its sentence and exit code 1.
 * @param {() => Promise<void>} main
 */
export async function runEntry(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : String(error?.stack ?? error)}\n`);
    process.exit(1);
  }
}
