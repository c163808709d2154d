import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@/db/client';
import { AppError } from '@/server/domain/errors';
import { type Toggle, valueTypeOf } from '@/server/domain/toggles';
import type { ToggleChangeOutcome } from '@/server/domain/views/toggles';
import { findApplication } from '@/server/services/applications/find';
import { recordAudit } from '@/server/services/audit/record';
import type { Actor } from '@/server/services/context';
import { detailsOf, type ToggleDetails } from '@/server/services/toggles/details';
import { detailColumns, writeDetails } from '@/server/services/toggles/write-details';
import { requireSound, withDependents } from '@/server/toggle-state/check';
import { findToggle } from '@/server/toggle-state/find';
import { requireThawed } from '@/server/toggle-state/freeze';
import {
  type EnvironmentRow,
  loadToggleWorld,
  type ToggleRow,
  type ToggleWorld,
  toggleOf,
} from '@/server/toggle-state/load';
import { requireNewNames } from '@/server/toggle-state/names';
import { requireRevision } from '@/server/toggle-state/revision';
import { isUnsettled, settled } from '@/server/toggle-state/settle';
import { lockToggles, writeState } from '@/server/toggle-state/write';

export interface DetailsIntent {
  readonly key: string;
  readonly action: string;
  readonly revision?: number | undefined;
  readonly reason: string;
  readonly undoes?: bigint;
  readonly next: (current: ToggleDetails) => ToggleDetails;
}

/** A change of what is the same everywhere. It goes around review only where nobody is served otherwise by it. */
export async function changeDetails(
  tx: Transaction,
  actor: Actor,
  intent: DetailsIntent,
  now: Date,
): Promise<ToggleChangeOutcome> {
  const { key, action, reason, undoes } = intent;
  await lockToggles(tx);
  const row = await findToggle(tx, key);
  requireRevision(`“${row.name}”`, intent.revision, row);
  const before = detailsOf(row);
  const after = intent.next(before);
  if (isDeepStrictEqual(before, after)) return { kind: 'unchanged', revision: row.revision };
  if (after.application !== null && after.application !== before.application) {
    await findApplication(tx, after.application);
  }
  requireNewNames('variants', Object.keys(after.variants), Object.keys(before.variants));
  await keepExpired(tx, row, now);
  await requirePossible(tx, { ...row, ...detailColumns(row, after, actor.name, now) }, before, after, now);
  const application = after.application ?? before.application;
  const change = { application, by: actor.name, at: now, reason, undoes: undoes ?? null };
  const written = await writeDetails(tx, row, after, change);
  if (!written) return { kind: 'unchanged', revision: row.revision };
  await recordAudit(tx, actor, { action, application, subject: key, reason, before, after });
  return { kind: 'applied', ...written };
}

/** What has expired stays off when the expiry is moved: a later date must not switch on by itself. */
async function keepExpired(tx: Transaction, row: ToggleRow, now: Date): Promise<void> {
  const { states } = await loadToggleWorld(tx);
  for (const state of states.filter((one) => one.toggle === row.key)) {
    const toggle = toggleOf(row, [state]);
    if (row.archivedAt !== null || !isUnsettled(toggle, state.definition, now)) continue;
    await writeState(tx, {
      toggle: row.key,
      application: row.application,
      environment: state.environment,
      before: state,
      definition: settled(toggle, state.definition, now),
      by: 'Signalbox',
      at: now,
      reason: 'as its schedule or expiry had it',
    });
  }
}

async function requirePossible(
  tx: Transaction,
  row: ToggleRow,
  before: ToggleDetails,
  after: ToggleDetails,
  now: Date,
): Promise<void> {
  const world = await loadToggleWorld(tx);
  const { key } = row;
  const states = world.states.filter((one) => one.toggle === key);
  const toggle = toggleOf(row, states);
  const reviewed = world.environments
    .filter(({ name, requiresReview }) => requiresReview && toggle.environments[name])
    .map(({ name }) => name);
  const isMoved = after.archived !== before.archived;
  if (isMoved) requireThawed(placesOn(world, toggle, now), now);
  if (after.archived) return requireUnneeded(key, world, reviewed, now);
  requireUnreviewedExpiry(world, toggle, before, after, now);
  requireSound({
    toggles: new Map(world.toggles).set(key, toggle),
    segments: world.segments,
    changed: [key],
    now,
  });
  const changed = Object.keys(before.variants).find(
    (name) => !isDeepStrictEqual(before.variants[name], after.variants[name]),
  );
  if (changed === undefined) return;
  requireSameType(before, after, placesOn(world, toggle, now));
  requireThawed(
    world.environments.filter(({ name }) => toggle.environments[name]),
    now,
  );
  if (reviewed.length > 0) {
    throw new AppError(
      'conflict',
      `“${changed}” may be served in ${reviewed.join(', ')}, where changes demand review. Add another variant, and change what is served by a request.`,
    );
  }
}

/** Switching off by an expiry is a change like any other where review is demanded, and so is not switching off. */
function requireUnreviewedExpiry(
  { environments }: ToggleWorld,
  toggle: Toggle,
  before: ToggleDetails,
  after: ToggleDetails,
  now: Date,
): void {
  const [was, is] = [before, after].map(({ onExpiry, expiresAt }) => (onExpiry === 'off' ? expiresAt : null));
  if (was === is) return;
  // Its expiry as it was: one that lies in the past already has switched it off.
  const served = { ...toggle, expiresAt: before.expiresAt, onExpiry: before.onExpiry };
  const place = environments.find(({ name, requiresReview }) => {
    const kept = toggle.environments[name];
    const definition = requiresReview && kept ? settled(served, kept, now) : null;
    return definition && (definition.on || definition.schedule.some(({ set }) => set.on));
  });
  if (!place) return;
  throw new AppError(
    'conflict',
    `“${before.name}” is on in ${place.name} or will be, where changes demand review, and when it expires decides what is served there. Schedule it to be off by a request there, and let the expiry only report.`,
  );
}

/** Code that asks for one type gets its own default in place of an answer of another. */
function requireSameType(
  before: ToggleDetails,
  after: ToggleDetails,
  served: readonly EnvironmentRow[],
): void {
  const [from, to] = [before, after].map(({ variants }) => valueTypeOf(variants));
  if (from === to || served.length === 0) return;
  const places = served.map(({ name }) => name).join(', ');
  throw new AppError(
    'conflict',
    `“${before.name}” is on in ${places}, where applications ask for a ${from} and would get a ${to}. Switch it off there first, or make another toggle.`,
  );
}

/** Environments in which a toggle is on. */
function placesOn({ environments }: ToggleWorld, toggle: Toggle, now: Date): EnvironmentRow[] {
  return environments.filter(({ name }) => {
    const definition = toggle.environments[name];
    return definition && settled(toggle, definition, now).on;
  });
}

function requireUnneeded(key: string, world: ToggleWorld, reviewed: readonly string[], now: Date): void {
  const dependents = withDependents([key], [...world.toggles.values()]).filter((one) => one !== key);
  if (dependents.length > 0) {
    throw new AppError(
      'conflict',
      `“${key}” is needed by ${dependents.join(', ')}. Take it out of their prerequisites first.`,
      { dependents },
    );
  }
  const toggle = world.toggles.get(key);
  const on = reviewed.find((name) => {
    const definition = toggle?.environments[name];
    return toggle && definition && settled(toggle, definition, now).on;
  });
  if (on === undefined) return;
  throw new AppError(
    'conflict',
    `“${key}” is on in ${on}, where changes demand review. Switch it off there first.`,
  );
}
