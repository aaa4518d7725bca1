import { cachePolicy, type Invocation } from '../../../contract/index.js';
import { cacheKey } from '../../cache/cache-key.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { reuseOf } from '../../semantic-cache/answer-kind.js';
import type { Logger } from '../../telemetry/logger.js';
import { scopeOf } from './answer-cache.js';
import type { ModelAnswer } from './call-model.js';

/** One for all: who looks for the same answer at the same time is given another's. */
const NOTHING = new Error('nothing is kept');

export interface LastAnswersProps {
  readonly tiered: TieredCache;
  readonly logger: Logger;
}

/**
 * Answers for when no model can be reached: older than a cache gives them out, but to the same question, in the same scope and
 * over the same version of the documents, so that nothing comes back that was deleted.
 */
export class LastAnswers {
  constructor(private readonly props: LastAnswersProps) {}

  /** Keeps an answer, in its own time: nobody waits for it. */
  keep(request: Invocation, model: string, caller: Caller, answer: ModelAnswer): void {
    const key = keyOf(request, model, caller);
    // One that was cut is an answer to that request alone.
    if (key === undefined || answer.finish_reason !== 'stop') return;
    const { tiered, logger } = this.props;
    tiered
      .getOrCompute(key, async () => answer, { ttlSeconds: cachePolicy.lastAnswerTtlSeconds })
      .catch((error: unknown) => logger.warn({ err: error }, 'an answer could not be kept for when models are away'));
  }

  async find(request: Invocation, model: string, caller: Caller): Promise<ModelAnswer | undefined> {
    const key = keyOf(request, model, caller);
    if (key === undefined) return undefined;
    try {
      const { value } = await this.props.tiered.getOrCompute<ModelAnswer>(key, () => Promise.reject(NOTHING));
      return { ...value, usage: { input_tokens: 0, output_tokens: 0 }, cost_usd: 0 };
    } catch (error) {
      if (error === NOTHING) return undefined;
      throw error;
    }
  }
}

function keyOf({ cache, tools, response_format: format }: Invocation, model: string, caller: Caller) {
  if (cache === undefined || tools.length > 0 || format !== undefined) return undefined;
  if (reuseOf(cache.question) === 'never') return undefined;
  const scope = scopeOf(cache, model, caller);
  return cacheKey(
    'last-answers',
    { tenant: scope.tenant },
    { ...scope, tools: [...scope.tools], question: cache.question },
  );
}
