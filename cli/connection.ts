import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Failure } from '@/cli/failure';

export interface Connection {
  readonly url: string;
  readonly token: string;
}

const fileSchema = z.object({ url: z.url(), token: z.string().min(1) });

/** The package's folder: the command runs from `dist/`. */
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where Signalbox is and who asks: from flags, else from SIGNALBOX_URL and SIGNALBOX_TOKEN, else
 * from the file that `npm start` writes on this machine.
 * @throws Failure that says which ways there are.
 */
export function findConnection(flags: { readonly url?: string; readonly token?: string }): Connection {
  const url = flags.url ?? process.env.SIGNALBOX_URL;
  const token = flags.token ?? process.env.SIGNALBOX_TOKEN;
  if (url && token) return { url: url.replace(/\/$/, ''), token };
  const kept = cliFiles().map(readKept).find(Boolean);
  if (kept) return { url: (flags.url ?? kept.url).replace(/\/$/, ''), token: token ?? kept.token };
  throw new Failure(
    'Signalbox was not found on this machine. Run "npm start", or set SIGNALBOX_DATA to the data folder of one that runs, or SIGNALBOX_URL and SIGNALBOX_TOKEN, or give --url and --token.',
  );
}

function cliFiles(): string[] {
  const { SIGNALBOX_CLI_FILE, SIGNALBOX_DATA } = process.env;
  if (SIGNALBOX_CLI_FILE) return [SIGNALBOX_CLI_FILE];
  const data = SIGNALBOX_DATA ?? '.signalbox';
  return [path.resolve(data, 'cli.json'), path.resolve(PACKAGE, data, 'cli.json')];
}

function readKept(file: string): Connection | null {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Absent, not ours to read, or half written by a start that is under way: try the next place.
    return null;
  }
}
