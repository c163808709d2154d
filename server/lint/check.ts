import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { type Area, areas, testPaths } from './arrows';

/** Sources by their path from the project's folder. */
export type FileSet = ReadonlyMap<string, string>;

export interface Violation {
  readonly file: string;
  readonly imported: string;
  readonly reason: string;
}

interface Import {
  readonly specifier: string;
  /** `import type` and the like, which leave nothing in the running program. */
  readonly typeOnly: boolean;
}

/** Every import in `files` that the arrows forbid. */
export function findViolations(files: FileSet): Violation[] {
  return [...files].flatMap(([file, source]) =>
    importsOf(file, source).flatMap(({ specifier, typeOnly }) => {
      const imported = resolveImport(file, specifier);
      const reason = imported === null ? null : judge(file, imported, typeOnly);
      return imported !== null && reason !== null ? [{ file, imported, reason }] : [];
    }),
  );
}

/** The area of a path; null for what belongs to none. */
export function areaOf(file: string): Area | null {
  const matches = areas.flatMap((area) =>
    area.paths.filter((prefix) => contains(prefix, file)).map((prefix) => ({ area, length: prefix.length })),
  );
  return matches.sort((a, b) => b.length - a.length)[0]?.area ?? null;
}

/** A module is imported without its extension: `server/log` is `server/log.ts`. */
function contains(prefix: string, file: string): boolean {
  if (prefix.endsWith('/')) return file.startsWith(prefix) || `${file}/` === prefix;
  return file === prefix || file === prefix.replace(/\.tsx?$/, '');
}

function judge(file: string, imported: string, typeOnly: boolean): string | null {
  if (isTest(file)) return null;
  if (isTest(imported) || isTest(`${imported}.ts`)) return 'code may not import tests';
  const [from, to] = [areaOf(file), areaOf(imported)];
  if (from === null) return isSource(file) ? `${file} is in no area of server/lint/arrows.ts: add it` : null;
  if (to === null || to.name === from.name) return null;
  if (from.mayImport.includes(to.name)) return null;
  const types = from.mayImportTypes?.includes(to.name) ?? false;
  if (types && typeOnly) return null;
  return types
    ? `${from.name} may import only types from ${to.name}`
    : `${from.name} may not import ${to.name}`;
}

function isTest(file: string): boolean {
  return testPaths.some((pattern) => pattern.test(file));
}

function isSource(file: string): boolean {
  return /\.tsx?$/.test(file) && !file.endsWith('.d.ts');
}

/** A path from the project's folder, or null for a package. */
function resolveImport(file: string, specifier: string): string | null {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (!specifier.startsWith('.')) return null;
  return path.posix.join(path.posix.dirname(file), specifier);
}

function importsOf(file: string, source: string): Import[] {
  const { module, program } = parseSync(file, source);
  const found: Import[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    found.push({ specifier: moduleRequest.value, typeOnly });
  }
  for (const entry of module.staticExports.flatMap((statement) => statement.entries)) {
    if (entry.moduleRequest) found.push({ specifier: entry.moduleRequest.value, typeOnly: entry.isType });
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    // A computed specifier cannot name one of our modules: the bundler would not find it either.
    if (/^['"`][^$]*['"`]$/.test(text)) found.push({ specifier: text.slice(1, -1), typeOnly: false });
  }
  new Visitor({
    TSImportType: ({ source: literal }) => found.push({ specifier: literal.value, typeOnly: true }),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type !== 'Identifier' || callee.name !== 'require' || first?.type !== 'Literal') return;
      if (typeof first.value === 'string') found.push({ specifier: first.value, typeOnly: false });
    },
  }).visit(program);
  return found;
}
