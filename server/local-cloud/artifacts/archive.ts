import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { create, extract, list } from 'tar';
import { CloudError } from '@/server/local-cloud/errors';
import { type ArtifactManifest, artifactManifestSchema } from '@/server/local-cloud/state';

const ENTRY_LIMIT = 20_000;
const UNPACKED_LIMIT_BYTES = 512 * 1024 * 1024;
const MANIFEST = 'signalbox.json';

/**
 * Looks at every entry before anything touches the disk.
 * @throws CloudError `invalid` for an archive that could write outside its folder, that holds anything
 * but files and folders, that is too large when unpacked, or that is no archive at all.
 */
export async function inspectArchive(path: string): Promise<void> {
  const problems: string[] = [];
  let entries = 0;
  let bytes = 0;
  try {
    await list({
      file: path,
      strict: true,
      onReadEntry: (entry) => {
        entries++;
        bytes += entry.size;
        const problem = entryProblem(entry.path, entry.type) ?? sizeProblem(entries, bytes);
        if (problem !== null) problems.push(problem);
      },
    });
  } catch (error) {
    throw new CloudError('invalid', `the artifact is not a readable .tgz: ${describe(error)}`);
  }
  const [first] = problems;
  if (first !== undefined) throw new CloudError('invalid', `the artifact ${first}`);
  if (entries === 0) throw new CloudError('invalid', 'the artifact is empty');
}

function entryProblem(path: string, type: string): string | null {
  if (type !== 'File' && type !== 'Directory')
    return `holds "${path}" of type ${type}; only files and folders may be in it`;
  const parts = path.split(/[/\\]/);
  const outside =
    path.startsWith('/') || path.startsWith('\\') || /^[a-z]:/i.test(path) || parts.includes('..');
  return outside ? `holds "${path}", which points outside its folder` : null;
}

function sizeProblem(entries: number, bytes: number): string | null {
  if (entries > ENTRY_LIMIT) return `has more than ${ENTRY_LIMIT} entries`;
  return bytes > UNPACKED_LIMIT_BYTES ? `is larger than ${UNPACKED_LIMIT_BYTES} bytes when unpacked` : null;
}

/**
 * Packs a folder; the same content gives the same bytes, and so the same digest.
 * @throws CloudError `invalid` when it holds anything but files and folders.
 */
export async function packFolder(folder: string, file: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const entries = found.map((entry) => {
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (!entry.isFile() && !entry.isDirectory())
      throw new CloudError('invalid', `the result holds "${path}", which is neither a file nor a folder`);
    // Without the prefix a name that begins with @ would be read as an archive to include.
    return `./${path}`;
  });
  if (entries.length === 0) throw new CloudError('invalid', 'the result is empty');
  const options = { gzip: true, portable: true, mtime: new Date(0), noDirRecurse: true, strict: true };
  await create({ ...options, file, cwd: folder }, entries.toSorted());
}

/** Unpacks an inspected archive so that `folder` is either absent or whole. */
export async function unpackArchive(path: string, folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await extract({ file: path, cwd: partial, strict: true, preserveOwner: false });
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
}

/** @throws CloudError `invalid` when the artifact does not say how to run it. */
export async function readManifest(folder: string): Promise<ArtifactManifest> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
  } catch (error) {
    throw new CloudError(
      'invalid',
      `the artifact has no readable ${MANIFEST} at its root: ${describe(error)}`,
    );
  }
  const parsed = artifactManifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CloudError(
    'invalid',
    `${MANIFEST} of the artifact: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}

/** One digest over every path and content of a folder, to notice a changed or missing file. */
export async function folderDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) {
    const content = await readFile(file);
    hash.update(`${file.slice(folder.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
