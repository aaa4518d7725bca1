import { requestBudget } from '../../../contract/index.js';
import { AllCandidatesFailed } from '../../resilience/all-candidates-failed.js';
import { callWithResilience } from '../../resilience/pipeline.js';
import { type CallModelDeps, toldToCaller } from './call-model.js';

/** Embeds texts as models are called: with the provider's next free key, within its time, and again when it failed for a moment. */
export async function embedTexts(
  { pool, ...rest }: Pick<CallModelDeps, 'pool' | 'breakers' | 'clock' | 'random'>,
  model: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<number[][]> {
  try {
    const { value } = await callWithResilience({
      ...rest,
      candidates: [{ key: model }],
      call: () => pool.embed(texts),
      signal,
      timeoutMs: requestBudget.modelCallMs,
    });
    return value;
  } catch (error) {
    throw error instanceof AllCandidatesFailed ? toldToCaller(error) : error;
  }
}
