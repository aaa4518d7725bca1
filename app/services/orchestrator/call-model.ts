import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import {
  type Completion,
  costMicroUsd,
  type Invocation,
  llmRequestDuration,
  llmRequests,
  type ModelSpec,
  requestBudget,
} from '../../../contract/index.js';
import { MeteredCall, type Metering } from '../../ledger/metered-call.js';
import { callOptionsOf } from '../../llm/call-options.js';
import type { ModelPool } from '../../llm/model-pool.js';
import { asProviderFault } from '../../llm/provider-fault.js';
import { loadTokenCounter } from '../../llm/tokens.js';
import { finishReasonOf, textOf, toLangChain, toolCallsOf, usageOf } from '../../llm/wire-messages.js';
import { AllCandidatesFailed } from '../../resilience/all-candidates-failed.js';
import type { Breakers } from '../../resilience/breakers.js';
import { inTime } from '../../resilience/deadline.js';
import { failureOf } from '../../resilience/failure.js';
import type { Hedging } from '../../resilience/hedging.js';
import { callWithResilience, type ResilienceEvent } from '../../resilience/pipeline.js';
import type { ModelConditions } from '../../router/model-conditions.js';
import type { Caller } from '../../runtime/caller.js';
import { abortSignalOf } from '../../runtime/client-signal.js';
import { errors } from '../../runtime/errors.js';
import { systemTimers, type Timers } from '../../runtime/timers.js';
import type { Metrics } from '../../telemetry/metrics.js';

export interface CallModelDeps {
  readonly pool: ModelPool;
  readonly breakers: Breakers;
  readonly conditions: ModelConditions;
  /** Second calls for answers that are late. Streams have none: their reader would see the words change. @default none */
  readonly hedging?: Hedging;
  readonly metering: Metering;
  readonly random: () => number;
  /** Of deadlines and of waits between attempts. @default the process's own */
  readonly timers?: Timers;
}

/** What a model made of an invocation. */
export type ModelAnswer = Pick<
  Completion,
  'content' | 'tool_calls' | 'finish_reason' | 'model' | 'usage' | 'cost_usd' | 'release'
>;

export interface Call {
  readonly request: Invocation;
  /** The chosen model, then its fallbacks. */
  readonly models: readonly [ModelSpec, ...ModelSpec[]];
  readonly caller: Caller;
}

/** Asks the models in turn until one answers. Every call that a provider may charge for is booked, whatever becomes of it. */
export async function callModel(deps: CallModelDeps, call: Call): Promise<ModelAnswer> {
  const { value, spec } = await ask(deps, call, 'whole', async (model, input, options, metered) => {
    const message = (await model.invoke(input, options)) as AIMessage;
    // Begun here, since nobody may wait for this attempt any more; awaited below.
    return { message, booking: metered.answered(usageOf(message), writtenBy(message)) };
  });
  return answerOf(spec, value.message, await value.booking);
}

/**
 * Like {@link callModel}, with the text as it comes. A model that fails before its first piece is replaced by the next one.
 * @param tell takes a piece of the text; when it fails, its reader has gone, and the call ends
 */
export async function streamModel(
  deps: CallModelDeps,
  call: Call,
  tell: (text: string) => Promise<void>,
): Promise<ModelAnswer> {
  const { value, spec } = await ask(deps, call, 'begun', async (model, input, options, metered) => {
    const pieces = (await model.stream(input, options))[Symbol.asyncIterator]();
    const first = (await pieces.next()) as IteratorResult<AIMessageChunk>;
    if (first.done === true) throw new Error('it sent nothing');
    // It came too late for this attempt: nobody will read on.
    if (options.signal.aborted) await metered.answered(undefined, writtenBy(first.value));
    return { first: first.value, pieces, metered };
  });
  const { metered, pieces, first } = value;
  let whole = first;
  try {
    if (textOf(first) !== '') await tell(textOf(first));
    for (;;) {
      const { value: piece, done } = await nextPiece(deps, spec, pieces);
      if (done === true) break;
      whole = whole.concat(piece);
      if (textOf(piece) !== '') await tell(textOf(piece));
    }
    if (!hasEnded(spec, whole)) throw errors.upstream(spec.id, 'its answer broke off');
  } catch (error) {
    throw told(spec, error);
  } finally {
    // A piece that never comes must not hold this up.
    void pieces.return?.().catch(() => undefined);
    // However it ends, and if only because its reader went away: by the provider's usage, if that came.
    await metered.answered(usageOf(whole as unknown as AIMessage), writtenBy(whole));
  }
  return answerOf(spec, whole, await metered.answered(undefined, ''));
}

type CallOptions = ReturnType<typeof callOptionsOf> & { readonly signal: AbortSignal };

async function ask<T>(
  deps: CallModelDeps,
  call: Call,
  ends: 'whole' | 'begun',
  use: (
    model: BaseChatModel,
    input: ReturnType<typeof toLangChain>,
    options: CallOptions,
    metered: MeteredCall,
  ) => Promise<T>,
): Promise<{ readonly value: T; readonly spec: ModelSpec }> {
  const { pool, breakers, conditions, random, metering, timers = systemTimers } = deps;
  const { request, models, caller } = call;
  const [first, ...others] = models.map((spec) => ({ key: spec.id, spec }));
  if (first === undefined) throw new Error('A call needs at least one model.');
  const { value, candidate } = await callWithResilience({
    candidates: [first, ...others],
    admit: () => metering.budgets.admit(caller.identity),
    call: ({ spec }, guard) =>
      pool.call(spec, (way, makeModel) =>
        conditions.observe(spec.id, ends, () =>
          guard(way, async (signal) => {
            const metered = meter(metering, call, spec);
            const model = await makeModel(request);
            const options = { ...callOptionsOf(spec.provider, request, metered.id), signal };
            const startedAt = metering.clock();
            try {
              const value = await use(model, toLangChain(request.messages), options, metered);
              const seconds = (metering.clock() - startedAt) / 1000;
              if (ends === 'whole') metering.metrics.observe(llmRequestDuration, { model: spec.id }, seconds);
              return value;
            } catch (error) {
              await metered.failed(error, undefined);
              throw asProviderFault(spec.provider, error, signal);
            }
          }),
        ),
      ),
    ...(ends === 'whole' && deps.hedging && { hedging: deps.hedging }),
    breakers,
    signal: abortSignalOf(caller.signal),
    timeoutMs: requestBudget.modelCallMs,
    timers,
    clock: metering.clock,
    random,
    onEvent: (event) => countEvent(metering.metrics, event),
  }).catch((error: unknown) => {
    throw error instanceof AllCandidatesFailed ? toldToCaller(error) : error;
  });
  metering.metrics.count(llmRequests, { model: candidate.spec.id, outcome: 'ok' });
  return { value, spec: candidate.spec };
}

function meter(metering: Metering, { request, caller }: Call, spec: ModelSpec): MeteredCall {
  return new MeteredCall(metering, {
    owner: caller.identity,
    feature: request.feature,
    traceparent: caller.traceparent,
    kind: 'chat',
    provider: spec.provider,
    model: spec.id,
    costMicroUsd: (usage) => costMicroUsd(spec, usage),
    countInput: async () => {
      const counter = await loadTokenCounter(spec.id);
      const tools = request.tools.length === 0 ? 0 : counter.count(JSON.stringify(request.tools));
      return counter.countMessages(toLangChain(request.messages)) + tools;
    },
    countOutput: async (text) => (await loadTokenCounter(spec.id)).count(text),
    maxOutputTokens: request.max_tokens,
  });
}

/** The next piece, if it comes in time. The attempt's own signal, which follows the caller's, ends the wait before. */
function nextPiece(
  { timers = systemTimers }: CallModelDeps,
  { id }: ModelSpec,
  pieces: AsyncIterator<unknown>,
): Promise<IteratorResult<AIMessageChunk>> {
  const next = pieces.next() as Promise<IteratorResult<AIMessageChunk>>;
  return inTime({ what: id, timeoutMs: requestBudget.modelCallMs, timers }, next);
}

/** A provider says why it stops; a stream that ends without a reason was cut off. */
function hasEnded({ provider }: ModelSpec, { response_metadata: metadata, additional_kwargs: rest }: AIMessageChunk) {
  if (provider === 'local') return true;
  return [metadata.finish_reason, metadata.stop_reason, rest.stop_reason].some((reason) => typeof reason === 'string');
}

/** A stream that has begun cannot be tried again: its failure is the model's, to whoever reads it. */
function told(spec: ModelSpec, error: unknown): unknown {
  const { kind, message } = failureOf(error, 0);
  return kind === 'rejected' ? error : Object.assign(errors.upstream(spec.id, message), { cause: error });
}

/** All that the model wrote, calls of tools included. */
function writtenBy(message: AIMessage | AIMessageChunk): string {
  const calls = toolCallsOf(message as AIMessage);
  return calls.length === 0 ? textOf(message) : `${textOf(message)}${JSON.stringify(calls)}`;
}

function countEvent(metrics: Metrics, event: ResilienceEvent): void {
  if (event.type === 'attempt-failed')
    metrics.count(llmRequests, { model: event.candidate, outcome: event.failure.kind });
  // Of two calls one is given up; the other is counted as it ends.
  if (event.type === 'hedge-begun') metrics.count(llmRequests, { model: event.candidate, outcome: 'hedged' });
}

/** A request that every model rejects is the caller's; all else is ours to mend. */
export function toldToCaller(failed: AllCandidatesFailed) {
  const rejected = failed.attempts.every(({ failure }) => failure.kind === 'rejected');
  const reason = failed.attempts.at(-1)?.failure.message ?? failed.message;
  if (rejected) return Object.assign(errors.malformed(`The model rejected the request: ${reason}`), { cause: failed });
  return Object.assign(errors.unavailable('A model', failed.retryAfterSeconds ?? 5), { cause: failed });
}

function answerOf(spec: ModelSpec, message: AIMessage | AIMessageChunk, usage: Completion['usage']): ModelAnswer {
  const cost = costMicroUsd(spec, { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens });
  return {
    content: textOf(message),
    tool_calls: toolCallsOf(message as AIMessage),
    finish_reason: finishReasonOf(message as AIMessage),
    model: spec.id,
    usage,
    cost_usd: cost / 1e6,
  };
}
