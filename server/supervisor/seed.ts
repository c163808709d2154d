import { spawn } from 'node:child_process';
import { appendFileSync, openSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '@/server/domain/errors';
import { bundlePath, childEnvironment, type SupervisorContext, serviceLog } from './context';
import { lastLogLine } from './logs';

const answerSchema = z.object({ adminPassword: z.string().optional() });

export type SeedAnswer = z.infer<typeof answerSchema>;

/**
 * Runs the program that makes the first administrator, the CLI's token and, in the demo, the example.
 * It does nothing where that exists. Its answer is the last line it prints.
 * @throws AppError with its last words when it fails.
 */
export async function runSeed(
  context: SupervisorContext,
  variables: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<SeedAnswer> {
  const log = serviceLog(context, 'seed');
  const child = spawn(process.execPath, ['--enable-source-maps', bundlePath(context, 'seed')], {
    cwd: context.root,
    // As for every child: complete, and NODE_ENV is in it.
    env: childEnvironment(context, variables) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', openSync(log, 'a')],
    // Stopped by us, not by the terminal's Ctrl-C.
    detached: true,
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = printed.trimEnd().split('\n');
  const answer = answerSchema.safeParse(parseJson(lines.at(-1) ?? ''));
  // The answer may hold a password and is kept out of the log.
  appendFileSync(
    log,
    lines
      .slice(0, answer.success ? -1 : undefined)
      .map((line) => `${line}\n`)
      .join(''),
  );
  if (code === 0 && answer.success) return answer.data;
  throw new AppError(
    'unavailable',
    `The first data could not be written (${lastLogLine(log)}): its log is ${log}.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
