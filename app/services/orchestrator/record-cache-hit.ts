import { costMicroUsd, type Invocation, ledgerEntries, llmSaved, type ModelSpec } from '../../../contract/index.js';
import type { Metering } from '../../ledger/metered-call.js';
import { loadTokenCounter } from '../../llm/tokens.js';
import { toLangChain } from '../../llm/wire-messages.js';
import type { Caller } from '../../runtime/caller.js';
import type { ModelAnswer } from './call-model.js';

interface RecordDeps {
  readonly metering: Metering;
  readonly models: readonly ModelSpec[];
}

/** Books an answer that no model was asked for: it cost nothing, and would have cost what a tokenizer counts. */
export async function recordCacheHit(
  { metering, models }: RecordDeps,
  request: Invocation,
  { identity: owner }: Caller,
  { model, content }: Pick<ModelAnswer, 'model' | 'content'>,
): Promise<void> {
  const { outbox, metrics, clock, newId } = metering;
  const spec = models.find(({ id }) => id === model);
  if (spec === undefined) return; // the table has lost it since: nothing is known of what it would cost
  const counter = await loadTokenCounter(model);
  const savedMicroUsd = costMicroUsd(spec, {
    inputTokens: counter.countMessages(toLangChain(request.messages)),
    outputTokens: counter.count(content),
  });
  metrics.count(llmSaved, { model }, savedMicroUsd / 1e6);
  metrics.count(ledgerEntries, { kind: 'cache-hit', basis: 'estimated' });
  await outbox.record({
    id: newId(),
    at: clock(),
    owner,
    feature: request.feature,
    provider: spec.provider,
    model,
    kind: 'cache-hit',
    basis: 'estimated',
    inputTokens: 0,
    outputTokens: 0,
    costMicroUsd: 0,
    savedMicroUsd,
  });
}
