import {
  type AnswerParameters,
  type ChatMessage,
  type Invocation,
  type ModelSpec,
  type RouteDecisionView,
  requestDefaults,
  VIRTUAL_MODELS,
} from '../../../contract/index.js';
import { unsupportedParameters } from '../../llm/call-options.js';
import { loadTokenCounter, mostTokensOf } from '../../llm/tokens.js';
import { toLangChain } from '../../llm/wire-messages.js';
import type { ModelState } from '../../router/ailment.js';
import type { Classifier } from '../../router/classifier.js';
import { NoModelFits } from '../../router/no-model-fits.js';
import { route, windowNeeded } from '../../router/route.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import type { Identity } from '../../runtime/identity.js';

export interface PlanDeps {
  readonly classifier: Classifier;
  readonly models: readonly ModelSpec[];
  readonly available: ReadonlySet<string>;
  /** How a model does now. */
  readonly stateOf: (model: ModelSpec) => ModelState;
}

/** A decision, and the models behind it in the order they are tried. */
export interface Plan {
  readonly decision: RouteDecisionView;
  readonly models: readonly [ModelSpec, ...ModelSpec[]];
}

type Routed = Pick<Invocation, 'messages' | 'model' | 'priority'> &
  Partial<Pick<Invocation, 'tools'>> &
  AnswerParameters;

/**
 * Decides which models may answer. A model that is asked for by name is the only candidate.
 * @throws 404 for a model that is not in the table, 400 when the prompt is longer than every window or no model that is here can follow
 * a parameter, 503 when none is available
 */
export async function planRoute(deps: PlanDeps, request: Routed, identity: Identity): Promise<Plan> {
  const models = able(
    deps,
    request.model === VIRTUAL_MODELS.auto ? deps.models : [named(deps.models, request.model)],
    request,
  );
  const { class: taskClass, reasons } = await deps.classifier.classify(questionOf(request.messages));
  const maxOutputTokens = request.max_tokens ?? requestDefaults.maxOutputTokens;
  try {
    const decision = route({
      class: taskClass,
      tier: identity.tier,
      priority: request.priority,
      promptTokens: await countPrompt(models, request, maxOutputTokens),
      maxOutputTokens,
      models,
      available: deps.available,
      states: { get: (id) => deps.stateOf(named(models, id)) },
    });
    const [first, ...others] = [decision.model, ...decision.fallbacks].map((id) => named(models, id));
    if (first === undefined) throw new Error('The decision names no model.');
    return { decision: { ...decision, reasons: [...reasons, ...decision.reasons] }, models: [first, ...others] };
  } catch (error) {
    if (error instanceof NoModelFits) throw toldToCaller(error, request.model);
    throw error;
  }
}

/**
 * Tokens of messages and tools, by that of the models' vocabularies which makes the most of them. Not counted where as many as they have
 * bytes fit everywhere, and nobody asks for the cheapest.
 */
async function countPrompt(
  models: readonly ModelSpec[],
  { messages, tools = [], priority }: Routed,
  maxOutputTokens: number,
): Promise<number> {
  const most = tools.length === 0 ? mostTokensOf(messages) : Number.POSITIVE_INFINITY;
  const fits = (model: ModelSpec) =>
    windowNeeded(model, { promptTokens: most, maxOutputTokens }) <= model.contextWindowTokens;
  if (priority !== 'cost' && models.every(fits)) return most;
  const counters = new Set(await Promise.all(models.map(({ id }) => loadTokenCounter(id))));
  const read = toLangChain(messages);
  const offered = tools.length === 0 ? '' : JSON.stringify(tools);
  return Math.max(0, ...Array.from(counters, (counter) => counter.countMessages(read) + counter.count(offered)));
}

/** The last thing that the user said. */
export function questionOf(messages: readonly ChatMessage[]): string {
  return messages.findLast(({ role }) => role === 'user')?.content ?? '';
}

function named(models: readonly ModelSpec[], id: string): ModelSpec {
  const found = models.find((model) => model.id === id);
  if (found === undefined) throw errors.notFound('model', id);
  return found;
}

/** The models that can follow every parameter of the request. None of them is dropped in silence: it would change the answer. */
function able({ available }: PlanDeps, models: readonly ModelSpec[], request: AnswerParameters): readonly ModelSpec[] {
  const unable = models.map((model) => ({ model, names: unsupportedParameters(model.provider, request) }));
  const found = unable.filter(({ names }) => names.length === 0).map(({ model }) => model);
  const here = unable.filter(({ model }) => available.has(model.id));
  const [first] = here;
  if (first === undefined || here.some(({ names }) => names.length === 0)) return found;
  const param = first.names[0] ?? 'request';
  const told = here.map(({ model, names }) => `${model.id} does not take ${names.join(', ')}`).join('; ');
  throw new ServiceError({
    status: 400,
    code: 'unsupported_parameter',
    param,
    message: `No model that can be used here follows the request: ${told}. Leave it out, or name another model.`,
  });
}

function toldToCaller(error: NoModelFits, model: string): ServiceError {
  if (error.isTooLong) {
    return new ServiceError(
      { status: 400, code: 'context_length_exceeded', param: 'messages', message: error.message },
      { cause: error },
    );
  }
  if (model === VIRTUAL_MODELS.auto) return Object.assign(errors.unavailable('Every model', 60), { cause: error });
  return new ServiceError(
    { status: 403, code: 'model_not_allowed', param: 'model', message: error.message },
    { cause: error },
  );
}
