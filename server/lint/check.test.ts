import { describe, expect, it } from 'vitest';
import { type Area, areas } from '@/server/lint/arrows';
import { areaOf, findViolations } from '@/server/lint/check';

/** A file of the area, and the specifier others import it by. */
function sampleOf(area: Area): { file: string; specifier: string } {
  const prefix = area.paths[0] ?? '';
  const file = prefix.endsWith('/') ? `${prefix}sample.ts` : prefix;
  return { file, specifier: `@/${file.replace(/\.ts$/, '')}` };
}

function plant(file: string, source: string) {
  return findViolations(new Map([[file, source]]));
}

describe('the arrows', () => {
  it('put every sample into its own area', () => {
    for (const area of areas) expect(areaOf(sampleOf(area).file)?.name).toBe(area.name);
  });

  it('name only areas that exist', () => {
    const names = new Set(areas.map((area) => area.name));
    for (const area of areas) {
      for (const target of [...area.mayImport, ...(area.mayImportTypes ?? [])])
        expect(names).toContain(target);
    }
  });

  it.each(areas)('hold for every import out of $name', (from) => {
    const { file } = sampleOf(from);
    for (const to of areas.filter((area) => area !== from)) {
      const { specifier } = sampleOf(to);
      const allowed = from.mayImport.includes(to.name);
      const typesAllowed = allowed || (from.mayImportTypes?.includes(to.name) ?? false);

      expect(plant(file, `import { x } from '${specifier}';`), to.name).toHaveLength(allowed ? 0 : 1);
      expect(plant(file, `import type { X } from '${specifier}';`), to.name).toHaveLength(
        typesAllowed ? 0 : 1,
      );
    }
  });

  it.each([
    ['a strategy that calls a cloud', 'server/strategies/x.ts', '@/server/providers/local/adapter'],
    ['an adapter that sees the database', 'server/providers/local/x.ts', '@/db/client'],
    ['statistics that see the engine', 'server/canary/stats/x.ts', '@/server/engine/engine'],
    ['a page that runs engine code', 'app/x/page.tsx', '@/server/engine/engine'],
    ['a page that skips the API', 'app/x/page.tsx', '@/server/services/board/get'],
    ['a component that reads the database', 'components/board/x.tsx', '@/db/schema'],
    ['a service that runs engine code', 'server/services/x/y.ts', '@/server/engine/execute-job'],
    ['a router that writes by itself', 'server/api/routers/x.ts', '@/db/client'],
    ['a word that knows the database', 'server/domain/x.ts', '@/db/schema'],
    ['the local cloud that knows the product', 'server/local-cloud/x.ts', '@/server/services/x'],
    ['the supervisor that runs services', 'server/supervisor/x.ts', '@/server/services/x'],
  ])('forbid %s', (_what, file, specifier) => {
    expect(plant(file, `import { x } from '${specifier}';`)).toMatchObject([
      { file, imported: specifier.slice(2) },
    ]);
  });
});

describe('the reader of imports', () => {
  it.each([
    "import '@/db/client';",
    "import db from '@/db/client';",
    "import * as db from '../../db/client';",
    "import type { Database } from '@/db/client';",
    "import { type Database } from '@/db/client';",
    "export { createDatabase } from '@/db/client';",
    "export * from '@/db/client';",
    "export type { Database } from '@/db/client';",
    "const db = await import('@/db/client');",
    "type D = import('@/db/client').Database;",
    "const db = require('@/db/client');",
  ])('sees %s', (source) => {
    expect(plant('server/strategies/x.ts', source)).toMatchObject([{ imported: 'db/client' }]);
  });

  it('takes no comment and no text for an import', () => {
    expect(
      plant('server/strategies/x.ts', "// import '@/db/client'\nconst s = \"import '@/db/client'\";"),
    ).toEqual([]);
  });

  it('lets components import the API only as types, and says so', () => {
    expect(plant('components/x.tsx', "import { type A, b } from '@/server/api/root';")).toMatchObject([
      { reason: 'components may import only types from api' },
    ]);
  });
});

describe('tests', () => {
  it('may import anything', () => {
    expect(plant('server/strategies/x.test.ts', "import '@/db/client';")).toEqual([]);
  });

  it.each(['@/server/strategies/x.test', '@/db/test/database', '@/e2e/stack'])(
    'may not be imported: %s',
    (specifier) => {
      expect(plant('server/services/x.ts', `import '${specifier}';`)).toMatchObject([
        { reason: 'code may not import tests' },
      ]);
    },
  );
});

it('asks for a new folder to be given an area', () => {
  expect(findViolations(new Map([['stray/x.ts', "import '@/server/domain/clock';"]]))).toMatchObject([
    { reason: expect.stringContaining('in no area') },
  ]);
});
