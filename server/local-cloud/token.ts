import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@/server/local-cloud/atomic-file';
import { systemErrorCode } from '@/server/local-cloud/errors';

/** The token given, or the folder's own, made on the first start and readable by its owner only. */
export async function accessToken(dir: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const path = join(dir, 'token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  const token = randomBytes(24).toString('base64url');
  await writeFileAtomically(path, token, 0o600);
  return token;
}
