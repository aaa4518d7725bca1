import { cachePolicy, type Invocation } from '../../../contract/index.js';
import { type CacheKey, cacheKey } from '../../cache/cache-key.js';
import type { CacheOptions } from '../../cache/cache-policy.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { reuseOf } from '../../semantic-cache/answer-kind.js';
import { scopeValue } from '../../semantic-cache/answer-scope.js';
import type { Logger } from '../../telemetry/logger.js';
import { scopeOf, tagsOf } from './answer-cache.js';
import type { ModelAnswer } from './call-model.js';

export interface LastAnswersProps {
  readonly tiered: TieredCache;
  readonly logger: Logger;
}

/**
 * Answers for when no model can be reached: older than a cache gives them out, and perhaps of another temperature, but to the same question, of the same form,
 * in the same scope and over the same version of the documents, so that nothing comes back that was deleted.
 */
export class LastAnswers {
  constructor(private readonly props: LastAnswersProps) {}

  /** Keeps an answer in place of an earlier one, in its own time: nobody waits for it. */
  keep(request: Invocation, model: string, caller: Caller, answer: ModelAnswer): void {
    const place = placeOf(request, model, caller);
    // One that was cut is an answer to that request alone.
    if (place === undefined || answer.finish_reason !== 'stop') return;
    const { tiered, logger } = this.props;
    tiered
      .put(place.key, answer, place.options)
      .catch((error: unknown) => logger.warn({ err: error }, 'an answer could not be kept for when models are away'));
  }

  async find(request: Invocation, model: string, caller: Caller): Promise<ModelAnswer | undefined> {
    const place = placeOf(request, model, caller);
    if (place === undefined) return undefined;
    const found = await this.props.tiered.find<ModelAnswer>(place.key, place.options.tags);
    return found && { ...found.value, usage: { input_tokens: 0, output_tokens: 0 }, cost_usd: 0 };
  }
}

/** Under which key an answer is kept and for how long; of what must not be given again, nowhere. */
function placeOf(
  request: Invocation,
  model: string,
  caller: Caller,
): { readonly key: CacheKey; readonly options: CacheOptions } | undefined {
  const { cache, tools } = request;
  if (cache === undefined || tools.length > 0 || reuseOf(cache.question, cache.images) === 'never') return undefined;
  const { max_tokens, stop, response_format } = request;
  const scope = { ...scopeOf(request, cache, model, caller), parameters: { max_tokens, stop, response_format } };
  return {
    key: cacheKey('last-answers', { tenant: scope.tenant }, { ...scopeValue(scope), question: cache.question }),
    options: { ttlSeconds: cachePolicy.lastAnswerTtlSeconds, tags: tagsOf(cache, caller) },
  };
}
