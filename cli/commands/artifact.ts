import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { create } from 'tar';
import { z } from 'zod';
import { readPairs, take } from '@/cli/arguments';
import { contextOf, print } from '@/cli/context';
import { Failure } from '@/cli/failure';

const EXAMPLE = 'artifact publish ./build name=catalog version=1.3.0';
const REGISTER = 'artifact register name=shop version=1.0.0 digest=sha256:<64 hex digits>';

const publishedSchema = z.looseObject({ digest: z.string() });

/** `signalbox artifact` */
export function addArtifact(program: Command): void {
  const artifact = program.command('artifact').description('Artifacts');
  addRegister(artifact);
  artifact
    .command('publish')
    .description('Pack a folder that holds a signalbox.json and publish it; other keys are its metadata')
    .argument('<folder>')
    .argument('<key=value...>', 'name, version, and metadata such as commit')
    .addHelpText('after', `\nExample: signalbox ${EXAMPLE}`)
    .action(async (folder: string, words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const name = take(pairs, 'name', EXAMPLE);
      const version = take(pairs, 'version', EXAMPLE);
      const context = contextOf(command);
      const query = new URLSearchParams([...pairs]).toString();
      const address = `/artifacts/${encodeURIComponent(name)}/${encodeURIComponent(version)}?${query}`;
      const answer = await context.client.upload(address, await pack(folder), publishedSchema);
      print(context, answer, () => `${name} ${version} ${answer.digest}`);
    });
}

function addRegister(artifact: Command): void {
  artifact
    .command('register')
    .description(
      'Make known by its digest what a store keeps: a container image, a tagged machine image, a package of a function; other keys are its metadata',
    )
    .argument('<key=value...>', 'name, version, digest, and metadata such as commit')
    .addHelpText('after', `\nExample: signalbox ${REGISTER}`)
    .action(async (words: string[], _options: unknown, command: Command) => {
      const pairs = readPairs(words);
      const name = take(pairs, 'name', REGISTER);
      const version = take(pairs, 'version', REGISTER);
      const digest = take(pairs, 'digest', REGISTER);
      const context = contextOf(command);
      const body = { name, version, digest, metadata: Object.fromEntries(pairs) };
      const answer = await context.client.send('POST', '/artifacts', body, publishedSchema);
      print(context, answer, () => `${name} ${version} ${answer.digest}`);
    });
}

/** The same content gives the same bytes, and so the same digest. */
async function pack(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const names = await readdir(folder).catch(() => {
    throw new Failure(`${folder} is not a folder that can be read.`, 2);
  });
  if (!names.includes('signalbox.json')) {
    throw new Failure(`${folder} has no signalbox.json, which says how the artifact is started.`, 2);
  }
  const temporary = await mkdtemp(path.join(tmpdir(), 'signalbox-artifact-'));
  try {
    const file = path.join(temporary, 'artifact.tgz');
    await create({ file, cwd: folder, gzip: true, portable: true, mtime: new Date(0) }, names.toSorted());
    return new Uint8Array(await readFile(file));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
