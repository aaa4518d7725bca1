import {
  costMicroUsd,
  type ModelSpec,
  type RouteDecisionView,
  type RoutePriority,
  type TaskClass,
  type Tier,
} from '../../contract/index.js';
import { NoModelFits, type Refusal } from './no-model-fits.js';
import { preferRole, rolesInOrder } from './preferred-role.js';

export interface RouteInput {
  readonly class: TaskClass;
  readonly tier: Tier;
  readonly priority: RoutePriority;
  readonly promptTokens: number;
  readonly maxOutputTokens: number;
  readonly models: readonly ModelSpec[];
  /** Ids of the models that can be called here: their provider has a key. */
  readonly available: ReadonlySet<string>;
}

/**
 * Chooses a model by its role, never by its name, and what to try after it. The reasons say what was preferred and why it was
 * passed over, if it was. A model whose window is too small for prompt and answer together is never chosen.
 * @throws {NoModelFits} if no model of the tier is available and large enough
 */
export function route(input: RouteInput): RouteDecisionView {
  const { role, reason } = preferRole(input.class, input.tier, input.priority);
  const order = inOrder(input, rolesInOrder(role, input.tier));
  const refusals: Refusal[] = [];
  const usable: string[] = [];
  for (const model of order) {
    const refusal = refusalOf(model, input);
    if (refusal === undefined) usable.push(model.id);
    else if (usable.length === 0) refusals.push(refusal);
  }
  const [preferred] = order;
  const [model, ...fallbacks] = usable;
  if (preferred === undefined || model === undefined) throw new NoModelFits(neededTokens(input), input.tier, refusals);
  return {
    class: input.class,
    preferred: preferred.id,
    model,
    fallbacks,
    reasons: [reason, ...passedOver(refusals, model)],
  };
}

/** The models of the roles, each role's best first; after the very first the fallbacks that it names itself. */
function inOrder(input: RouteInput, roles: readonly ModelSpec['role'][]): readonly ModelSpec[] {
  const byRole = roles.flatMap((role) => ranked(input, role));
  const named = (byRole[0]?.fallbacks ?? []).flatMap((id) => byRole.filter((model) => model.id === id));
  return [...new Set([...byRole.slice(0, 1), ...named, ...byRole])];
}

/** Models of one role: the cheapest first for cost, the fastest for speed, otherwise as the table has them. */
function ranked(
  { models, priority, promptTokens, maxOutputTokens }: RouteInput,
  role: ModelSpec['role'],
): readonly ModelSpec[] {
  const ofRole = models.filter((model) => model.role === role);
  const usage = { inputTokens: promptTokens, outputTokens: maxOutputTokens };
  if (priority === 'cost') return ofRole.sort((a, b) => costMicroUsd(a, usage) - costMicroUsd(b, usage));
  if (priority === 'speed') return ofRole.sort((a, b) => a.typicalLatencyMs - b.typicalLatencyMs);
  return ofRole;
}

function refusalOf({ id, contextWindowTokens }: ModelSpec, input: RouteInput): Refusal | undefined {
  if (!input.available.has(id)) return { model: id, cause: 'no-key', why: 'has no key here' };
  const needed = neededTokens(input);
  if (needed <= contextWindowTokens) return undefined;
  return { model: id, cause: 'small-window', why: `takes ${contextWindowTokens} tokens and this may need ${needed}` };
}

function neededTokens({ promptTokens, maxOutputTokens }: RouteInput): number {
  return promptTokens + maxOutputTokens;
}

function passedOver(refusals: readonly Refusal[], answering: string): readonly string[] {
  if (refusals.length === 0) return [];
  return [`${refusals.map(({ model, why }) => `${model} ${why}`).join(', ')}; ${answering} answers`];
}
