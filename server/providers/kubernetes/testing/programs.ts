import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Found {
  readonly env?: { readonly SIGNALBOX_TEST_CONTROL_PLANE?: string };
  readonly missing?: string;
}

interface Built {
  controlPlaneFolder(): string;
  isBuilt(): boolean;
}

const FOLDER = 'server/conformance/kubernetes';

/**
 * The folder with the programs of a control plane, built when they are not there yet.
 * @throws Error that says what is missing.
 */
export async function findPrograms(): Promise<string> {
  // Not bundled, because it looks beside itself; its own types say the same.
  const { findControlPlane } = (await import(urlOf('find.mjs'))) as { findControlPlane(): Found };
  const found = findControlPlane();
  const folder = found.env?.SIGNALBOX_TEST_CONTROL_PLANE;
  if (!folder) throw new Error(found.missing ?? 'this needs a control plane of its own');
  return folder;
}

/** The same where they are there already; null where they are not. */
export async function builtPrograms(): Promise<string | null> {
  const given = process.env.SIGNALBOX_TEST_CONTROL_PLANE;
  if (given) return path.resolve(given);
  // As above.
  const { controlPlaneFolder, isBuilt } = (await import(urlOf('build.mjs'))) as Built;
  return isBuilt() ? controlPlaneFolder() : null;
}

function urlOf(file: string): string {
  return pathToFileURL(path.resolve(FOLDER, file)).href;
}
