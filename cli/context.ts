import type { Command } from 'commander';
import { Client } from '@/cli/client';
import { findConnection } from '@/cli/connection';
import { type Output, terminal } from '@/cli/output';

/** What every command works with. */
export interface CliContext {
  readonly client: Client;
  readonly output: Output;
  /** Answer in JSON, for programs. */
  readonly json: boolean;
}

export function contextOf(command: Command): CliContext {
  const flags = command.optsWithGlobals<{ url?: string; token?: string; json?: boolean }>();
  return { client: new Client(findConnection(flags)), output: terminal, json: flags.json ?? false };
}

/** Prints an answer: as JSON when asked for, else in words. */
export function print({ output, json }: CliContext, answer: unknown, words: () => string): void {
  output.line(json ? JSON.stringify(answer, null, 2) : words());
}
