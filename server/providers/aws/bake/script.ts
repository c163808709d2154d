import { encoded } from '@/server/providers/aws/words/user-data';
import type { BakeSpec } from '@/server/providers/provider';

/** The line of the console by which the machine says how it ended. */
const END = /signalbox-bake: exit (\d+)/g;
const LOG_CHARACTERS = 16 * 1024;

/**
 * What the machine does at its only start: the command, then its end. It turns itself off, and what is on its disk
 * is the image; cloud-init forgets that it ran, so that it runs again on every machine of the image.
 */
export function bakeScript({ command, config }: BakeSpec): string {
  const variables = Object.entries(config).map(([key, value]) => `export ${key}=${quoted(value)}`);
  return encoded(
    [
      '#!/bin/bash',
      'exec > >(tee /dev/console) 2>&1',
      ...variables,
      `( cd / && ${command.map(quoted).join(' ') || 'true'} )`,
      'code=$?',
      'cloud-init clean --logs',
      'sync',
      'echo "signalbox-bake: exit $code" | tee /dev/console',
      'shutdown -h now',
      '',
    ].join('\n'),
  );
}

/** Within single quotes a shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Null while the console does not say it. */
export function exitCodeIn(console: string): number | null {
  const last = [...console.matchAll(END)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

/** The last of it, as text: the console comes in base64. */
export function consoleText(output: string | undefined): string {
  return Buffer.from(output ?? '', 'base64')
    .toString('utf8')
    .slice(-LOG_CHARACTERS);
}
