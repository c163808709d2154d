import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentSchema, readEnvironment, requireDatabaseUrl } from '@/server/env';

const root = path.resolve(import.meta.dirname, '..');

interface Variable {
  readonly name: string;
  readonly text: string;
  /** Null: optional without a default. */
  readonly fallback: string | null;
}

function variables(): Variable[] {
  return Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const value = schema.parse(undefined);
    const absent = value === undefined || (Array.isArray(value) && value.length === 0);
    const fallback = absent ? null : String(typeof value === 'boolean' ? Number(value) : value);
    return { name, text: schema.description ?? '', fallback };
  });
}

function envExample(): string {
  const head = '# Every variable has a working default. Take out the # of those you change.\n';
  const entries = variables().map(({ name, text, fallback }) => `\n# ${text}\n# ${name}=${fallback ?? ''}\n`);
  return head + entries.join('');
}

function readmeTable(): string {
  const rows = variables().map(
    ({ name, text, fallback }) => `| \`${name}\` | ${fallback === null ? '' : `\`${fallback}\``} | ${text} |`,
  );
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

describe('the environment', () => {
  it('works with nothing set', () => {
    expect(readEnvironment({})).toMatchObject({
      PORT: 3000,
      SIGNALBOX_URL: 'http://localhost:3000',
      SIGNALBOX_DEMO: true,
      SIGNALBOX_WORKERS: 1,
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 });
  });

  it('derives the public address from the port, unless it is given', () => {
    expect(readEnvironment({ PORT: '8080' }).SIGNALBOX_URL).toBe('http://localhost:8080');
    expect(readEnvironment({ SIGNALBOX_URL: 'https://box.example' }).SIGNALBOX_URL).toBe(
      'https://box.example',
    );
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a port number from 1 to 65535.'],
    [{ PORT: '70000' }, /^PORT .*65535/],
    [{ SIGNALBOX_DEMO: 'yes' }, 'SIGNALBOX_DEMO must be 0 or 1.'],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL must look like postgres:/],
    [{ SIGNALBOX_SECRET: 'short' }, 'SIGNALBOX_SECRET must have at least 32 characters.'],
    [{ SIGNALBOX_CLOUD_REGIONS: 'eu us' }, /^SIGNALBOX_CLOUD_REGIONS must be names separated by commas/],
    [{ OIDC_ISSUER: 'https://id.example' }, /^OIDC_ISSUER needs OIDC_CLIENT_ID/],
  ])('refuses %o in a sentence that names the variable', (source, sentence) => {
    expect(() => readEnvironment(source)).toThrow(sentence);
  });

  it('tells of every wrong variable at once', () => {
    expect(() => readEnvironment({ PORT: 'abc', SIGNALBOX_DEMO: 'yes' })).toThrow(/PORT .*\nSIGNALBOX_DEMO /);
  });

  it('says how to get a database where one is needed', () => {
    expect(() => requireDatabaseUrl(readEnvironment({}))).toThrow(/DATABASE_URL is not set/);
  });
});

describe('the documents', () => {
  it('describe every variable', () => {
    for (const variable of variables()) expect(variable.text, variable.name).not.toBe('');
  });

  it('give the same list in .env.example (npm run test:unit -- -u writes it)', async () => {
    await expect(envExample()).toMatchFileSnapshot(path.join(root, '.env.example'));
  });

  it('give the same list in README.md', () => {
    expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain(readmeTable());
  });
});
