/** Lines of stack traces, dumped objects and rules, which say where and not what. */
const NOISE = /^\s*$|^--- |^\s+at |^Node\.js v\d|^\s*\^|^[{}[\]]|^\s+(code|errno|syscall|address|port):/;
const LONGEST = 300;

/** The line that says most about why a process ended; null when none says anything. */
export function tellingLineOf(lines: readonly string[]): string | null {
  const told = lines.filter((line) => !NOISE.test(line));
  const error = told.findLast((line) => /\b\w*(Error|Exception|error|fatal)\b.*:/.test(line));
  return (error ?? told.at(-1))?.trim().slice(0, LONGEST) ?? null;
}
