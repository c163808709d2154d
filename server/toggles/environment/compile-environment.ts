import {
  type Evaluators,
  FLAG_FILE_SCHEMA,
  type Flag,
  type FlagFile,
  type FlagMetadata,
  type Json,
  type JsonObject,
  type Prerequisite,
  type Segment,
  type Targeting,
  type Toggle,
} from '@/server/domain/toggles';
import { type EnvironmentFacts, ownStanding, type Standing } from '@/server/toggles/environment/standing';
import {
  readsWholeContext,
  type VariantAnswer,
  variantAnswer,
} from '@/server/toggles/environment/variant-expression';
import { inlinedTargeting, referenceCycle, referencesIn } from '@/server/toggles/references';
import { refusal } from '@/server/toggles/validate';

export interface EnvironmentInput {
  readonly environment: string;
  /** All toggles that applications in the environment may ask for. */
  readonly toggles: readonly Toggle[];
  readonly segments: readonly Segment[];
  readonly facts: EnvironmentFacts;
  readonly now: Date;
  /** Of the set: `flagSetId`, `version`. Handed to applications. */
  readonly metadata?: FlagMetadata;
}

export interface CompiledEnvironment {
  /** Plain flagd: what is served by OFREP and what in-process providers fetch. Hand it to `compile`. */
  readonly file: FlagFile;
  /** By toggle, why it stands as it does; toggles without a definition here are missing. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** The segments as they are written, for explanations; the file has only what its flags use. */
  readonly segments: Evaluators;
  /** When a schedule or an expiry changes the file next: compile again then. */
  readonly nextChangeAt: Date | null;
}

interface Work {
  readonly toggles: ReadonlyMap<string, Toggle>;
  readonly evaluators: Evaluators;
  readonly standings: Map<string, Standing>;
  readonly flags: Map<string, Flag>;
  readonly answers: Map<string, VariantAnswer>;
  /** Evaluators that prerequisites added, by their name in the file. */
  readonly added: Map<string, Targeting>;
}

/**
 * Resolves all that flagd has no words for, so that its own providers give the same answers as we do: switches,
 * schedules, expiry and required versions by what is true at this moment, prerequisites as targeting.
 * @throws AppError unprocessable at a circle of prerequisites, or at one that no other targeting can contain.
 */
export function compileEnvironment(input: EnvironmentInput): CompiledEnvironment {
  const here = input.toggles.filter(({ environments }) => Object.hasOwn(environments, input.environment));
  const work: Work = {
    toggles: new Map(here.map((toggle) => [toggle.key, toggle])),
    evaluators: Object.fromEntries(input.segments.map(({ key, condition }) => [key, condition])),
    standings: new Map(),
    flags: new Map(),
    answers: new Map(),
    added: new Map(),
  };
  for (const toggle of here) {
    const definition = toggle.environments[input.environment];
    if (definition) work.standings.set(toggle.key, ownStanding(toggle, definition, input.facts, input.now));
  }
  for (const key of inOrder(work.standings)) serve(key, work);
  const flags = Object.fromEntries(here.flatMap(({ key }) => pair(key, work.flags.get(key))));
  const moments = [...work.standings.values()].flatMap(({ nextChangeAt }) => nextChangeAt?.getTime() ?? []);
  return {
    file: {
      $schema: FLAG_FILE_SCHEMA,
      ...(input.metadata ? { metadata: input.metadata } : {}),
      ...evaluatorsOf(flags, work),
      flags,
    },
    standings: work.standings,
    segments: work.evaluators,
    nextChangeAt: moments.length > 0 ? new Date(Math.min(...moments)) : null,
  };
}

function pair<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]];
}

/** Prerequisites before those that need them. */
function inOrder(standings: ReadonlyMap<string, Standing>): string[] {
  const graph = new Map(
    [...standings].map(
      ([key, { definition }]) => [key, definition.prerequisites.map(({ toggle }) => toggle)] as const,
    ),
  );
  const cycle = referenceCycle(graph);
  if (cycle) {
    const path = `flags.${cycle[0]}`;
    throw refusal([{ path, message: `needs itself by its prerequisites: ${cycle.join(' → ')}` }]);
  }
  const order = new Set<string>();
  const visit = (key: string): void => {
    if (order.has(key)) return;
    for (const next of graph.get(key) ?? []) visit(next);
    if (graph.has(key)) order.add(key);
  };
  for (const key of graph.keys()) visit(key);
  return [...order];
}

/** Puts a toggle's flag into the work, all of its prerequisites being there. */
function serve(key: string, work: Work): void {
  const toggle = work.toggles.get(key);
  const own = work.standings.get(key);
  if (!toggle || !own) return;
  const standing = own.held ? own : withPrerequisites(own, work);
  work.standings.set(key, standing);
  const flag = flagOf(toggle, standing, work);
  work.flags.set(key, flag);
}

function withPrerequisites(standing: Standing, work: Work): Standing {
  const open: Prerequisite[] = [];
  for (const prerequisite of standing.definition.prerequisites) {
    const answer = answerOf(prerequisite.toggle, work);
    if (answer.kind === 'expression') open.push(prerequisite);
    else if (answer.variant === null || !prerequisite.variants.includes(answer.variant)) {
      return { ...standing, held: { kind: 'prerequisite', prerequisite, served: answer.variant } };
    }
  }
  return { ...standing, open };
}

/** Which variant another toggle serves; none when it is not in this environment. */
function answerOf(key: string, work: Work): VariantAnswer {
  const known = work.answers.get(key);
  if (known) return known;
  const flag = work.flags.get(key);
  if (!flag) return { kind: 'constant', variant: null };
  const whole = flag.targeting
    ? { ...flag, targeting: inlinedTargeting(flag.targeting, allEvaluators(work)) }
    : flag;
  if (whole.targeting && readsWholeContext(whole.targeting)) {
    const message = 'reads the whole context in its targeting, so it cannot be a prerequisite';
    throw refusal([{ path: `flags.${key}.targeting`, message }]);
  }
  const answer = variantAnswer(key, whole);
  work.answers.set(key, answer);
  return answer;
}

function flagOf(toggle: Toggle, { definition, held, open }: Standing, work: Work): Flag {
  const { offVariant, defaultVariant, targeting } = definition;
  const metadata = Object.keys(toggle.metadata).length > 0 ? { metadata: toggle.metadata } : {};
  const shared = { variants: toggle.variants, ...metadata };
  if (held && offVariant !== null) return { state: 'ENABLED', ...shared, defaultVariant: offVariant };
  const rules = targeting && Object.keys(targeting).length > 0 ? targeting : null;
  const logic =
    open.length > 0 ? behindPrerequisites(open, rules ?? defaultVariant, offVariant, work) : rules;
  return {
    state: held ? 'DISABLED' : 'ENABLED',
    ...shared,
    defaultVariant,
    ...(logic ? { targeting: logic } : {}),
  };
}

function behindPrerequisites(
  open: readonly Prerequisite[],
  rules: Json,
  offVariant: string | null,
  work: Work,
): JsonObject {
  const [first, ...more] = open.map(({ toggle, variants }): Json => {
    const answer = { $ref: evaluatorFor(toggle, work) };
    const [only, ...others] = variants;
    return only !== undefined && others.length === 0 ? { '===': [answer, only] } : { in: [answer, variants] };
  });
  const all: Json = more.length === 0 ? (first ?? true) : { and: [first ?? true, ...more] };
  return { if: [all, rules, offVariant] };
}

/** The name of the evaluator that answers which variant a toggle serves. */
function evaluatorFor(key: string, work: Work): string {
  let name = `prerequisite.${key}`;
  while (Object.hasOwn(work.evaluators, name)) name += '_';
  const answer = answerOf(key, work);
  if (answer.kind === 'expression') work.added.set(name, answer.logic);
  return name;
}

function allEvaluators(work: Work): Evaluators {
  return { ...work.evaluators, ...Object.fromEntries(work.added) };
}

/**
 * The evaluators that flags use, each without references of its own: flagd's providers replace them in one pass over
 * the text, so one within another may stay as it is. For the same reason an evaluator goes into its flags directly
 * when its text would be read as a pattern of the replacement.
 */
function evaluatorsOf(flags: Record<string, Flag>, work: Work): { $evaluators?: Evaluators } {
  const all = allEvaluators(work);
  const used = new Set(
    Object.values(flags).flatMap(({ targeting }) => (targeting ? referencesIn(targeting) : [])),
  );
  const whole = [...used]
    .filter((name) => Object.hasOwn(all, name))
    .map((name) => [name, flat(name, all)] as const);
  const unsafe = new Set(whole.filter(([, logic]) => !isSafeReplacement(logic)).map(([name]) => name));
  for (const [key, flag] of Object.entries(flags)) {
    if (flag.targeting && referencesIn(flag.targeting).some((name) => unsafe.has(name))) {
      flags[key] = { ...flag, targeting: inlinedTargeting(flag.targeting, all) };
    }
  }
  const safe = whole.filter(([name]) => !unsafe.has(name));
  return safe.length > 0 ? { $evaluators: Object.fromEntries(safe) } : {};
}

function flat(name: string, all: Evaluators): Targeting {
  return inlinedTargeting({ $ref: name }, all);
}

/** JavaScript reads `$$`, `$&`, `` $` `` and `$'` in the text that replaces another as something else. */
function isSafeReplacement(logic: Json): boolean {
  return !/\$[$&`']/.test(JSON.stringify(logic));
}
