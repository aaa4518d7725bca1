import type { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import {
  type Completion,
  costMicroUsd,
  type Invocation,
  llmCost,
  llmRequests,
  llmTokens,
  type ModelSpec,
  requestBudget,
  type Usage,
} from '../../../contract/index.js';
import type { Ledger } from '../../ledger/ledger.js';
import { callOptionsOf } from '../../llm/call-options.js';
import type { ModelPool } from '../../llm/model-pool.js';
import { loadTokenCounter } from '../../llm/tokens.js';
import { finishReasonOf, toLangChain, toLangChainTool, toolCallsOf, usageOf } from '../../llm/wire-messages.js';
import { AllCandidatesFailed } from '../../resilience/all-candidates-failed.js';
import type { Breakers } from '../../resilience/breakers.js';
import { callWithResilience, type ResilienceEvent } from '../../resilience/pipeline.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import type { Metrics } from '../../telemetry/metrics.js';

export interface CallModelDeps {
  readonly pool: ModelPool;
  readonly breakers: Breakers;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
}

/** What a model made of an invocation. */
export type ModelAnswer = Pick<Completion, 'content' | 'tool_calls' | 'finish_reason' | 'model' | 'usage' | 'cost_usd'>;

interface Call {
  readonly request: Invocation;
  /** The chosen model, then its fallbacks. */
  readonly models: readonly [ModelSpec, ...ModelSpec[]];
  readonly caller: Caller;
}

/** Asks the models in turn until one answers, counts what it cost and writes it into the ledger. */
export async function callModel(deps: CallModelDeps, call: Call): Promise<ModelAnswer> {
  const { value, spec } = await ask(deps, call, (model, input, options) => model.invoke(input, options));
  return account(deps, call, spec, value as AIMessage);
}

/** Like {@link callModel}, with the text as it comes. A model that fails before its first piece is replaced by the next one. */
export async function* streamModel(deps: CallModelDeps, call: Call): AsyncGenerator<string, ModelAnswer> {
  const { value, spec } = await ask(deps, call, async (model, input, options) => {
    const pieces = (await model.stream(input, options))[Symbol.asyncIterator]();
    return { first: await pieces.next(), pieces };
  });
  let whole: AIMessageChunk | undefined;
  try {
    for (let next = value.first; next.done !== true; next = await value.pieces.next()) {
      const piece = next.value as AIMessageChunk;
      whole = whole === undefined ? piece : whole.concat(piece);
      if (piece.text !== '') yield piece.text;
    }
  } finally {
    await value.pieces.return?.();
  }
  if (whole === undefined) throw errors.upstream(spec.id, 'it sent nothing');
  return account(deps, call, spec, whole);
}

type Runnable = Parameters<Parameters<ModelPool['call']>[2]>[0];
type BoundModel = Pick<Runnable, 'invoke' | 'stream'>;
type CallOptions = ReturnType<typeof callOptionsOf> & { readonly signal: AbortSignal };

async function ask<T>(
  deps: CallModelDeps,
  { request, models, caller }: Call,
  use: (model: BoundModel, input: ReturnType<typeof toLangChain>, options: CallOptions) => Promise<T>,
): Promise<{ readonly value: T; readonly spec: ModelSpec }> {
  const { pool, breakers, clock, random, metrics } = deps;
  const [first, ...others] = models.map((spec) => ({ key: spec.id, spec }));
  if (first === undefined) throw new Error('A call needs at least one model.');
  // A tool that must not be called is better not offered: not every provider knows how to be told.
  const tools = request.tool_choice === 'none' ? [] : request.tools.map(toLangChainTool);
  const { value, candidate } = await callWithResilience({
    candidates: [first, ...others],
    call: ({ spec }, signal) =>
      pool.call(spec, request, (model) => {
        const bound = tools.length > 0 ? model.bindTools?.(tools) : model;
        if (bound === undefined) throw errors.invalid('tools', `cannot be used with ${spec.id}`);
        const options = { ...callOptionsOf(spec.provider, request), signal };
        return use(bound as BoundModel, toLangChain(request.messages), options);
      }),
    breakers,
    signal: caller.signal,
    timeoutMs: requestBudget.modelCallMs,
    clock,
    random,
    onEvent: (event) => countFailure(metrics, event),
  }).catch((error: unknown) => {
    throw error instanceof AllCandidatesFailed ? toldToCaller(error) : error;
  });
  metrics.count(llmRequests, { model: candidate.spec.id, outcome: 'ok' });
  return { value, spec: candidate.spec };
}

function countFailure(metrics: Metrics, event: ResilienceEvent): void {
  if (event.type === 'attempt-failed')
    metrics.count(llmRequests, { model: event.candidate, outcome: event.failure.kind });
}

/** A request that every model rejects is the caller's; all else is ours to mend. */
export function toldToCaller(failed: AllCandidatesFailed) {
  const rejected = failed.attempts.every(({ failure }) => failure.kind === 'rejected');
  const reason = failed.attempts.at(-1)?.failure.message ?? failed.message;
  if (rejected) return Object.assign(errors.malformed(`The model rejected the request: ${reason}`), { cause: failed });
  return Object.assign(errors.unavailable('A model', failed.retryAfterSeconds ?? 5), { cause: failed });
}

async function account(
  deps: CallModelDeps,
  { request, caller }: Call,
  spec: ModelSpec,
  message: AIMessage | AIMessageChunk,
) {
  const usage = usageOf(message as AIMessage) ?? (await estimateUsage(spec, request, message.text));
  const costMicros = costMicroUsd(spec, { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens });
  deps.metrics.count(llmTokens, { model: spec.id, direction: 'input' }, usage.input_tokens);
  deps.metrics.count(llmTokens, { model: spec.id, direction: 'output' }, usage.output_tokens);
  deps.metrics.count(llmCost, { model: spec.id }, costMicros / 1e6);
  await deps.ledger.record({
    id: deps.newId(),
    at: deps.clock(),
    owner: caller.identity,
    model: spec.id,
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    costMicroUsd: costMicros,
  });
  return {
    content: message.text,
    tool_calls: toolCallsOf(message as AIMessage),
    finish_reason: finishReasonOf(message as AIMessage),
    model: spec.id,
    usage,
    cost_usd: costMicros / 1e6,
  };
}

/** For a provider that reports no usage: counted by the model's tokenizer. */
async function estimateUsage(spec: ModelSpec, request: Invocation, answer: string): Promise<Usage> {
  const counter = await loadTokenCounter(spec.id);
  return { input_tokens: counter.countMessages(toLangChain(request.messages)), output_tokens: counter.count(answer) };
}
