/** How many version colours globals.css defines. */
export const VERSION_COLOURS = 8;

const SEMVER = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/;

/**
 * The colour of a version, the same everywhere and always. Weights are coprime to the palette, so
 * that neighbours (1.0.0, 1.1.0, 1.2.0 or 1.1.1), which are what one compares, never share a colour.
 */
export function versionColour(version: string): number {
  const parts = SEMVER.exec(version);
  const rest = parts ? version.slice(parts[0].length) : version;
  const [, major = 0, minor = 0, patch = 0] = parts ? parts.map(Number) : [];
  const sum = (major || 0) * 5 + (minor || 0) * 3 + (patch || 0) + hash(rest);
  return sum % VERSION_COLOURS;
}

/** FNV-1a, 32 bit; 0 for the empty text. */
function hash(text: string): number {
  if (text === '') return 0;
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Class that sets `--version`, `--version-ink` and `--version-soft` for everything inside. */
export function versionClass(version: string): string {
  return `version-${versionColour(version)}`;
}
