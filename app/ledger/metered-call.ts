import { ledgerEntries, llmCost, llmTokens, type ModelProvider, type Usage } from '../../contract/index.js';
import type { Clock } from '../runtime/clock.js';
import type { Identity } from '../runtime/identity.js';
import { ATTRIBUTES, GEN_AI_OPERATIONS } from '../telemetry/attributes.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { errorTypeOf, failSpan, type Span, SpanKind, type SpanOptions, startSpan } from '../telemetry/span.js';
import type { BudgetKeeper } from './budget-keeper.js';
import type { CallKind, LedgerBasis } from './ledger.js';
import type { LedgerOutbox } from './ledger-outbox.js';
import { mayBeBilled } from './may-be-billed.js';
import type { TypicalOutput } from './typical-output.js';

export interface Metering {
  readonly outbox: Pick<LedgerOutbox, 'record'>;
  readonly budgets: Pick<BudgetKeeper, 'admit' | 'review'>;
  readonly typicalOutput: TypicalOutput;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface MeteredCallProps {
  readonly owner: Identity;
  readonly feature: string;
  readonly kind: Exclude<CallKind, 'cache-hit'>;
  readonly provider: ModelProvider;
  readonly model: string;
  costMicroUsd(usage: { readonly inputTokens: number; readonly outputTokens: number }): number;
  /** Tokens of the prompt, by tokenizer. */
  countInput(): Promise<number>;
  /** Tokens of a text that the model wrote, by tokenizer. */
  countOutput(text: string): Promise<number>;
  /** Trace that the call belongs to. @default one of its own */
  readonly traceparent?: string | undefined;
  /** @default none was set */
  readonly maxOutputTokens?: number | undefined;
}

/** Books one call of a provider exactly once: by the provider's own usage, or as an estimate when that never came. The call is a span of its trace. */
export class MeteredCall {
  /** Goes to the provider with the call, so that its invoice can be held against the entry. */
  readonly id: string;
  readonly #span: Span;
  #booked: Promise<Usage> | undefined;

  constructor(
    private readonly metering: Metering,
    private readonly props: MeteredCallProps,
  ) {
    this.id = metering.newId();
    this.#span = startSpan(spanOf(props));
  }

  /**
   * The call was answered. Never rejects: an answer that was paid for is given, whatever becomes of its booking.
   * @param usage as the provider tells it
   * @param text what it wrote, for when it tells none
   */
  answered(usage: Usage | undefined, text: string): Promise<Usage> {
    this.#booked ??= this.#told(
      usage === undefined ? this.#estimate(() => this.props.countOutput(text)) : this.#report(usage),
      usage,
    );
    return this.#booked;
  }

  /** The call failed or was given up. @param received what had come of the answer; `undefined` where an answer comes whole or not at all */
  async failed(error: unknown, received: string | undefined): Promise<void> {
    if (this.#booked !== undefined) return;
    failSpan(this.#span, errorTypeOf(error));
    if (!mayBeBilled(error)) return;
    const { model, maxOutputTokens, countOutput } = this.props;
    const typical = async () =>
      Math.min(this.metering.typicalOutput.of(model), maxOutputTokens ?? Number.POSITIVE_INFINITY);
    this.#booked = this.#told(this.#estimate(received === undefined ? typical : () => countOutput(received)));
    await this.#booked;
  }

  /** What is not in the ledger is told with all that is known of it: the provider's invoice has it by its id. */
  #told(booking: Promise<Usage>, usage = NOT_KNOWN): Promise<Usage> {
    return booking.catch((error: unknown) => {
      const { owner, feature, model } = this.props;
      this.metering.logger.error(
        { err: error, id: this.id, owner, feature, model, usage },
        'a call could not be booked',
      );
      return usage;
    });
  }

  async #report(usage: Usage): Promise<Usage> {
    this.metering.typicalOutput.saw(this.props.model, usage.output_tokens);
    await this.#book('reported', usage);
    return usage;
  }

  async #estimate(countOutput: () => Promise<number>): Promise<Usage> {
    const [input, output] = await Promise.all([this.props.countInput(), countOutput()]);
    const usage = { input_tokens: input, output_tokens: output };
    await this.#book('estimated', usage);
    return usage;
  }

  async #book(basis: LedgerBasis, { input_tokens: inputTokens, output_tokens: outputTokens }: Usage): Promise<void> {
    const { metrics, outbox, budgets, clock } = this.metering;
    const { owner, feature, kind, provider, model } = this.props;
    const costMicroUsd = this.props.costMicroUsd({ inputTokens, outputTokens });
    if (this.#span.isRecording()) {
      const { genAiInputTokens, genAiOutputTokens } = ATTRIBUTES;
      this.#span.setAttributes({ [genAiInputTokens]: inputTokens, [genAiOutputTokens]: outputTokens }).end();
    }
    metrics.count(llmTokens, { model, direction: 'input' }, inputTokens);
    metrics.count(llmTokens, { model, direction: 'output' }, outputTokens);
    metrics.count(llmCost, { model }, costMicroUsd / 1e6);
    metrics.count(ledgerEntries, { kind, basis });
    const amounts = { inputTokens, outputTokens, costMicroUsd, savedMicroUsd: 0 };
    await outbox.record({ id: this.id, at: clock(), owner, feature, provider, model, kind, basis, ...amounts });
    await budgets.review(owner);
  }
}

/** Of a call whose tokens nobody could count. */
const NOT_KNOWN: Usage = { input_tokens: 0, output_tokens: 0 };

function spanOf({ kind, provider, model, traceparent, maxOutputTokens }: MeteredCallProps): SpanOptions {
  const operation = GEN_AI_OPERATIONS[kind];
  const attributes = {
    [ATTRIBUTES.genAiOperation]: operation,
    [ATTRIBUTES.genAiProvider]: provider,
    [ATTRIBUTES.genAiRequestModel]: model,
    ...(maxOutputTokens !== undefined && { [ATTRIBUTES.genAiMaxTokens]: maxOutputTokens }),
  };
  return { scope: 'models', name: `${operation} ${model}`, kind: SpanKind.CLIENT, parent: traceparent, attributes };
}
