import type { ParameterDefinition } from '@/server/domain/pipeline';
import { outcomeOf, type ReportEntry } from '@/server/interchange/spinnaker/report';
import { clip, Source } from '@/server/interchange/spinnaker/source';

export interface Parameters {
  readonly definitions: readonly ParameterDefinition[];
  /** Names there → names here. */
  readonly names: ReadonlyMap<string, string>;
  readonly entries: readonly ReportEntry[];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Values of parameters are texts there; dates are the exception. */
export function parametersOf(pipeline: Source): Parameters {
  const definitions: ParameterDefinition[] = [];
  const names = new Map<string, string>();
  const entries: ReportEntry[] = [];
  for (const [index, json] of pipeline.list('parameterConfig').entries()) {
    const source = new Source(json, []);
    const theirs = source.text('name') ?? `parameter${index + 1}`;
    const name = nameOf(theirs, new Set(names.values()));
    if (name !== theirs) source.note('changed', 'name', `is now ${name}`);
    definitions.push(definitionOf(source, name));
    names.set(theirs, name);
    source.finish();
    const { notes } = source;
    entries.push({
      part: 'parameter',
      ref: theirs,
      name: theirs,
      type: 'parameter',
      outcome: outcomeOf(notes),
      notes,
    });
  }
  return { definitions, names, entries };
}

function nameOf(theirs: string, taken: ReadonlySet<string>): string {
  const plain =
    theirs
      .replaceAll(/[^a-zA-Z0-9_]/g, '_')
      .replace(/^[^a-zA-Z]+/, '')
      .slice(0, 63) || 'parameter';
  let name = plain;
  for (let number = 2; taken.has(name); number += 1) name = `${plain.slice(0, 60)}_${number}`;
  return name;
}

function definitionOf(source: Source, name: string): ParameterDefinition {
  const label = source.text('label');
  const description = source.text('description');
  const standard =
    source.text('default') ??
    (source.flag('default') === undefined ? undefined : String(source.value('default')));
  const required = source.flag('required') ?? false;
  const wanted = source.flag('hasOptions') ?? false;
  const given = source.children('options').flatMap((option) => option.text('value') ?? []);
  const options = wanted ? [...new Set(given)] : [];
  const constraint = source.text('constraint');
  source.needless('the form shows all parameters', 'pinned');
  source.lose('It is always asked for.', 'condition', 'conditional');
  if (constraint && constraint !== 'date')
    source.note('lost', 'constraint', `"${constraint}" is not a constraint here`);
  const date = constraint === 'date' && (!standard || DATE.test(standard));
  if (constraint === 'date' && !date)
    source.note('changed', 'constraint', `is any text, because its default is "${standard}"`);
  const offered = options.length === 0 || !standard || options.includes(standard);
  if (!offered) source.note('changed', 'options', `"${standard}", the default, is one of them now`);
  return {
    name,
    ...(date ? { type: 'date' as const } : {}),
    ...(label ? { label: clip(label, 200) } : {}),
    ...(description ? { description: clip(description, 2_000) } : {}),
    // An empty default says that there is none.
    ...(standard ? { default: standard } : {}),
    required,
    ...(options.length > 0 ? { options: offered || !standard ? options : [standard, ...options] } : {}),
  };
}
