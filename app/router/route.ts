import {
  costMicroUsd,
  type ModelSpec,
  type RouteDecisionView,
  type RoutePriority,
  type TaskClass,
  type Tier,
} from '../../contract/index.js';
import { ailmentOf, type ModelState } from './ailment.js';
import { NoModelFits, type Refusal } from './no-model-fits.js';
import { preferRole, rolesInOrder } from './preferred-role.js';

export interface RouteInput {
  readonly class: TaskClass;
  readonly tier: Tier;
  readonly priority: RoutePriority;
  /** No fewer than there are: an upper bound will do that fits every window, unless the cheapest is asked for. */
  readonly promptTokens: number;
  readonly maxOutputTokens: number;
  readonly models: readonly ModelSpec[];
  /** Ids of the models that can be called here: their provider has a key. */
  readonly available: ReadonlySet<string>;
  /** How the models do now, by id; asked of those that may answer. @default nothing is known: the table's latencies count, and all are well */
  readonly states?: { get(id: string): ModelState | undefined };
}

/**
 * Chooses a model by its role, never by its name, and what to try after it. The reasons say what was preferred and why it was
 * passed over, if it was. A model whose window is too small for prompt and answer together is never chosen; one that fails or is
 * slow yields to those that are well, and is still asked when they are not there.
 * @throws {NoModelFits} if no model of the tier is available and large enough
 */
export function route(input: RouteInput): RouteDecisionView {
  const { role, reason } = preferRole(input.class, input.tier, input.priority);
  const order = inOrder(input, rolesInOrder(role, input.tier)).map((model) => {
    const refusal = refusalOf(model, input);
    return {
      model,
      refusal,
      ailment: refusal ? undefined : ailmentOf(model, input.states?.get(model.id), input.priority),
    };
  });
  const fitting = order.filter(({ refusal }) => refusal === undefined);
  // The local model writes nothing of its own: who is only slow does not yield to it.
  const yieldsTo = fitting.some(({ model, ailment }) => ailment === undefined && model.role !== 'local') ? 0 : 1;
  const rank = ({ ailment }: (typeof order)[number]) => Math.max(ailment?.rank ?? 0, yieldsTo);
  const [chosen, ...fallbacks] = fitting.sort((a, b) => rank(a) - rank(b));
  const [preferred] = order;
  if (preferred === undefined || chosen === undefined) {
    const refusals = order.flatMap((one) => one.refusal ?? []);
    throw new NoModelFits(neededTokens(input), input.tier, refusals);
  }
  const before = order.slice(0, order.indexOf(chosen));
  const passedOver = before.map(({ model, refusal, ailment }) => `${model.id} ${(refusal ?? ailment)?.why}`);
  return {
    class: input.class,
    preferred: preferred.model.id,
    model: chosen.model.id,
    fallbacks: fallbacks.map(({ model }) => model.id),
    reasons: [
      reason,
      ...rankingReason(input, preferred.model),
      ...(passedOver.length === 0 ? [] : [`${passedOver.join(', ')}; ${chosen.model.id} answers`]),
    ],
  };
}

/** The models of the roles, each role's best first; after the very first the fallbacks that it names itself. */
function inOrder(input: RouteInput, roles: readonly ModelSpec['role'][]): readonly ModelSpec[] {
  const byRole = roles.flatMap((role) => ranked(input, role));
  const named = (byRole[0]?.fallbacks ?? []).flatMap((id) => byRole.filter((model) => model.id === id));
  return [...new Set([...byRole.slice(0, 1), ...named, ...byRole])];
}

/** Models of one role: the cheapest first for cost, the fastest for speed, otherwise those strong in the class, as the table has them. */
function ranked(input: RouteInput, role: ModelSpec['role']): readonly ModelSpec[] {
  const ofRole = input.models.filter((model) => model.role === role);
  const by = (value: (model: ModelSpec) => number) => ofRole.sort((a, b) => value(a) - value(b));
  if (input.priority === 'cost') return by((model) => priceOf(model, input));
  if (input.priority === 'speed') return by((model) => latencyOf(model, input));
  return by(({ strengths }) => (strengths.includes(input.class) ? 0 : 1));
}

/** Why this model and not another of its role. */
function rankingReason(input: RouteInput, { id, role, strengths }: ModelSpec): readonly string[] {
  const rivals = input.models.filter((model) => model.role === role).length;
  if (rivals < 2) return [];
  const told = (what: string) => [`of ${rivals} ${role} models ${id} ${what}`];
  if (input.priority === 'cost') return told('costs least');
  if (input.priority === 'speed') return told('is the fastest');
  return told(strengths.includes(input.class) ? `is strong in what is ${input.class}` : 'comes first in the table');
}

function priceOf(model: ModelSpec, { promptTokens, maxOutputTokens }: RouteInput): number {
  return costMicroUsd(model, { inputTokens: promptTokens, outputTokens: maxOutputTokens });
}

/** As it was measured lately, else as the table says. */
function latencyOf({ id, typicalLatencyMs }: ModelSpec, { states }: RouteInput): number {
  return states?.get(id)?.latencyMs?.p50 ?? typicalLatencyMs;
}

/** Tokens of a model's window that prompt and answer may need together. */
export function windowNeeded(
  { tokensPerCountedToken }: ModelSpec,
  { promptTokens, maxOutputTokens }: Pick<RouteInput, 'promptTokens' | 'maxOutputTokens'>,
): number {
  return Math.ceil(promptTokens * tokensPerCountedToken) + maxOutputTokens;
}

function refusalOf(model: ModelSpec, input: RouteInput): Refusal | undefined {
  const { id, contextWindowTokens } = model;
  if (!input.available.has(id)) return { model: id, cause: 'no-key', why: 'has no key here' };
  const needed = windowNeeded(model, input);
  if (needed <= contextWindowTokens) return undefined;
  return { model: id, cause: 'small-window', why: `takes ${contextWindowTokens} tokens and this may need ${needed}` };
}

function neededTokens({ promptTokens, maxOutputTokens }: RouteInput): number {
  return promptTokens + maxOutputTokens;
}
