import { ProviderError } from '@/server/providers/provider';

/** Before it is encoded. Source: EC2's limits. */
const LIMIT_BYTES = 16 * 1024;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Where an image's service finds its configuration, as systemd's EnvironmentFile. */
export const ENVIRONMENT_FILE = '/etc/signalbox/environment';

/**
 * Instructions for cloud-init that put the values where the image's service reads them, encoded. JSON is YAML, so no
 * value can break out of its place.
 * @throws ProviderError `invalid` for what no variable can hold.
 */
export function userDataOf(config: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(config);
  if (entries.length === 0) return undefined;
  const content = entries.map(([key, value]) => line(key, value)).join('');
  const files = [{ path: ENVIRONMENT_FILE, permissions: '0600', owner: 'root:root', content }];
  return encoded(`#cloud-config\n${JSON.stringify({ write_files: files })}\n`);
}

/** @throws ProviderError `invalid` when it is more than an instance is given. */
export function encoded(text: string): string {
  if (Buffer.byteLength(text) > LIMIT_BYTES)
    throw new ProviderError(
      'invalid',
      'The configuration is more than the 16 KB that an instance is given. Keep large values elsewhere.',
    );
  return Buffer.from(text).toString('base64');
}

function line(key: string, value: string): string {
  if (!VARIABLE.test(key) || /[\0\r\n]/.test(value))
    throw new ProviderError('invalid', `"${key}" cannot be an environment variable of one line.`);
  return `${key}="${value.replace(/[\\"$`]/g, '\\$&')}"\n`;
}
