import { ErrorCode } from '@openfeature/core';
import { type FeatureFlag, MemoryStorage } from '@openfeature/flagd-core';
import { z } from 'zod';
import type { FlagIssue } from '@/server/domain/toggles';
import { SILENT } from '@/server/toggles/library';

const schemaErrors = z.array(z.object({ instancePath: z.string(), message: z.string().optional() }));

export type Loading =
  | { readonly ok: true; readonly feature: FeatureFlag }
  | { readonly ok: false; readonly issues: readonly FlagIssue[] };

/**
 * A flag as flagd-core holds it, ready to be evaluated, if flagd's published schema lets it pass: the schema travels
 * inside flagd-core, compiled. It answers with every alternative that did not fit, so only the error that lies deepest
 * is told; our own checks come before and say more.
 * @param flag with every `$ref` replaced.
 */
export function loadStrictly(key: string, flag: object): Loading {
  const storage = new MemoryStorage(SILENT);
  try {
    storage.setConfigurations(JSON.stringify({ flags: { [key]: flag } }), true);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ok: false, issues: [deepest(text, key) ?? { path: '', message: `flagd refuses it: ${text}` }] };
  }
  const feature = storage.getFlag(key);
  if (!feature) return { ok: false, issues: [{ path: '', message: 'flagd does not see this flag' }] };
  // What cannot be compiled is only told with each evaluation, so ask for one.
  const probe = feature.evaluate({}, SILENT);
  const refused = probe.reason === 'ERROR' && probe.errorCode === ErrorCode.PARSE_ERROR;
  return refused
    ? { ok: false, issues: [{ path: 'targeting', message: 'flagd cannot read it' }] }
    : { ok: true, feature };
}

function deepest(text: string, key: string): FlagIssue | null {
  const start = text.indexOf('[');
  if (start < 0) return null;
  const parsed = schemaErrors.safeParse(parsedJson(text.slice(start)));
  if (!parsed.success) return null;
  const [found] = parsed.data
    .map(({ instancePath, message }) => ({ steps: steps(instancePath, key), message }))
    .toSorted((a, b) => b.steps.length - a.steps.length);
  return found ? { path: dotted(found.steps), message: found.message ?? 'is not allowed' } : null;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The steps below the flag of a JSON pointer such as `/flags/a/targeting/if/0`. */
function steps(pointer: string, key: string): string[] {
  return pointer.slice(`/flags/${key}`.length).split('/').slice(1);
}

function dotted(parts: readonly string[]): string {
  return parts
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => {
      if (/^\d+$/.test(part)) return `${path}[${part}]`;
      return path === '' ? part : `${path}.${part}`;
    }, '');
}
