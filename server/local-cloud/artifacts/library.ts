import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  folderDigest,
  inspectArchive,
  readManifest,
  unpackArchive,
} from '@/server/local-cloud/artifacts/archive';
import { writeFileAtomically } from '@/server/local-cloud/atomic-file';
import { CloudError } from '@/server/local-cloud/errors';
import { Serial } from '@/server/local-cloud/serial';
import type { ArtifactManifest, ArtifactRecord, Store } from '@/server/local-cloud/state';

const UPLOAD = 'upload-';
const SIZE_LIMIT_BYTES = 128 * 1024 * 1024;

/**
 * Immutable artifacts by content. Layout: `<dir>/<sha256 hex>/artifact.tgz`, `content/` (unpacked once)
 * and `content.sha256` (what the unpacked files must still be).
 */
export class ArtifactLibrary {
  readonly #dir: string;
  readonly #store: Store;
  readonly #serial = new Serial();
  readonly #verified = new Map<string, Promise<string>>();

  private constructor(dir: string, store: Store) {
    this.#dir = dir;
    this.#store = store;
  }

  static async open(dir: string, store: Store): Promise<ArtifactLibrary> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const leftovers = (await readdir(dir)).filter((name) => name.startsWith(UPLOAD));
    await Promise.all(leftovers.map((name) => rm(join(dir, name), { force: true })));
    return new ArtifactLibrary(dir, store);
  }

  list(): readonly ArtifactRecord[] {
    return this.#store.current.artifacts;
  }

  find(name: string, version: string): ArtifactRecord | null {
    return this.list().find((one) => one.name === name && one.version === version) ?? null;
  }

  /** @throws CloudError `not_found` when nothing was published under this name, version and digest. */
  get(ref: { readonly name: string; readonly version: string; readonly digest: string }): ArtifactRecord {
    const record = this.find(ref.name, ref.version);
    if (record === null || record.digest !== ref.digest) {
      throw new CloudError(
        'not_found',
        `artifact ${ref.name} ${ref.version} (${ref.digest}) is not published here`,
      );
    }
    return record;
  }

  /**
   * Takes the bytes of a .tgz under a name and version. The same bytes again are the same artifact.
   * @throws CloudError `conflict` when the name and version stand for other bytes.
   */
  async publish(
    name: string,
    version: string,
    bytes: Readable,
  ): Promise<{ artifact: ArtifactRecord; created: boolean }> {
    const upload = join(this.#dir, `${UPLOAD}${randomUUID()}`);
    try {
      const { digest, sizeBytes } = await receive(bytes, upload);
      return await this.#serial.run(() => this.#register(name, version, digest, sizeBytes, upload));
    } finally {
      await rm(upload, { force: true });
    }
  }

  /** The same with the bytes of a file. */
  publishFile(name: string, version: string, file: string): ReturnType<ArtifactLibrary['publish']> {
    return this.publish(name, version, createReadStream(file));
  }

  /**
   * Where the unpacked content is. The first use in this run of the platform compares the files with
   * what was unpacked, and unpacks again from the verified archive when they differ.
   */
  folder(digest: string): Promise<string> {
    const known = this.#verified.get(digest);
    if (known) return known;
    const verification = this.#verify(digest);
    this.#verified.set(digest, verification);
    // A failure is not remembered: the next start of an instance tries again.
    verification.catch(() => this.#verified.delete(digest));
    return verification;
  }

  /** Writes the content into a folder that does not exist yet, for whoever may change it there. */
  async copy(digest: string, target: string): Promise<void> {
    await cp(await this.folder(digest), target, { recursive: true, mode: constants.COPYFILE_FICLONE });
  }

  async #register(
    name: string,
    version: string,
    digest: string,
    sizeBytes: number,
    upload: string,
  ): Promise<{ artifact: ArtifactRecord; created: boolean }> {
    const existing = this.find(name, version);
    if (existing) return { artifact: sameOrConflict(existing, digest), created: false };
    // The same content under another label is in use already and must not be unpacked over.
    const twin = this.list().find((one) => one.digest === digest);
    const manifest = twin?.manifest ?? (await this.#keep(upload, digest));
    const artifact = { name, version, digest, sizeBytes, publishedAt: new Date().toISOString(), manifest };
    await this.#store.commit((draft) => draft.artifacts.push(artifact));
    return { artifact, created: true };
  }

  #folder(digest: string): string {
    return join(this.#dir, digest.replace('sha256:', ''));
  }

  async #keep(upload: string, digest: string): Promise<ArtifactManifest> {
    await inspectArchive(upload);
    const folder = this.#folder(digest);
    await mkdir(folder, { recursive: true });
    try {
      await rename(upload, join(folder, 'artifact.tgz'));
      await this.#unpack(folder);
      return await readManifest(join(folder, 'content'));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async #unpack(folder: string): Promise<void> {
    const content = join(folder, 'content');
    await unpackArchive(join(folder, 'artifact.tgz'), content);
    await writeFileAtomically(join(folder, 'content.sha256'), await folderDigest(content));
  }

  async #verify(digest: string): Promise<string> {
    const folder = this.#folder(digest);
    const content = join(folder, 'content');
    const expected = await readFile(join(folder, 'content.sha256'), 'utf8').catch(() => null);
    const actual = expected === null ? null : await folderDigest(content).catch(() => null);
    if (expected !== null && actual === expected) return content;
    const archive = await readFile(join(folder, 'artifact.tgz')).catch(() => null);
    if (archive === null || `sha256:${createHash('sha256').update(archive).digest('hex')}` !== digest) {
      throw new CloudError(
        'unavailable',
        `the stored artifact ${digest} is damaged: publish it again under a new version`,
      );
    }
    await this.#unpack(folder);
    return content;
  }
}

function sameOrConflict(existing: ArtifactRecord, digest: string): ArtifactRecord {
  if (existing.digest === digest) return existing;
  throw new CloudError(
    'conflict',
    `${existing.name} ${existing.version} is already published with other content (${existing.digest}): use a new version`,
  );
}

async function receive(bytes: Readable, path: string): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      const tooLarge = sizeBytes > SIZE_LIMIT_BYTES;
      done(
        tooLarge ? new CloudError('too_large', `an artifact may have ${SIZE_LIMIT_BYTES} bytes`) : null,
        chunk,
      );
    },
  });
  await pipeline(bytes, meter, createWriteStream(path, { flush: true, mode: 0o600 }));
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}
