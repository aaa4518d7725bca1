import { answerParameters, type CacheOutcome, cacheRequests, type Invocation } from '../../../contract/index.js';
import { cacheKey } from '../../cache/cache-key.js';
import { type CacheTag, cacheTag } from '../../cache/cache-tag.js';
import { sha256Of } from '../../cache/canonical-json.js';
import { getForCaller } from '../../cache/get-for-caller.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Caller } from '../../runtime/caller.js';
import { reuseOf } from '../../semantic-cache/answer-kind.js';
import { type AnswerScope, scopeValue } from '../../semantic-cache/answer-scope.js';
import type { SemanticCache } from '../../semantic-cache/semantic-cache.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { ModelAnswer } from './call-model.js';

/** An answer with where it came from. */
export interface CachedAnswer {
  readonly answer: ModelAnswer;
  readonly cache: CacheOutcome;
}

/** What a completion says whose request asked for no cache. */
export const UNCACHED: CacheOutcome = { level: 'bypass', reason: 'the request names no cache key' };

export interface AnswerCacheProps {
  readonly tiered: TieredCache;
  /** As one caller uses it: what it embeds is booked to them. */
  readonly semanticOf: (caller: Caller) => SemanticCache;
  readonly metrics: Metrics;
}

/** What the exact levels hold: an answer, and how near its question was when it was another's. */
type Kept = { readonly answer: ModelAnswer; readonly similarity: number | null };

/** Answers that were given before: to the same question in the exact levels, to one that means the same in the semantic one. */
export class AnswerCache {
  constructor(private readonly props: AnswerCacheProps) {}

  /** @param ask asks a model; called at most once at a time for one question */
  async getOrAsk(
    request: Invocation,
    model: string,
    caller: Caller,
    ask: () => Promise<ModelAnswer>,
  ): Promise<CachedAnswer> {
    const { cache, tools } = request;
    if (cache === undefined) return { answer: await ask(), cache: UNCACHED };
    const { question, images } = cache;
    if (tools.length > 0 || reuseOf(question, images) === 'never') {
      return {
        answer: await ask(),
        cache: { level: 'bypass', reason: 'an answer to this may be true only for this user, now' },
      };
    }
    const scope = scopeOf(request, cache, model, caller);
    const key = cacheKey('answers', { tenant: scope.tenant }, { ...scopeValue(scope), question });
    const { value, level } = await getForCaller(
      this.props.tiered,
      key,
      caller,
      () => this.#similarOrAsked(this.props.semanticOf(caller), scope, cache, ask),
      // A fallback's answer is for those who could have no other: the model itself may answer again at once.
      { tags: tagsOf(cache, caller), keeps: (kept) => (kept as Kept).answer.model === model },
    );
    if (level === 'source' && value.similarity === null) return { answer: value.answer, cache: { level } };
    const outcome = level === 'source' ? { level: 'semantic' as const, similarity: value.similarity ?? 0 } : { level };
    return { answer: free(value.answer), cache: outcome };
  }

  /**
   * Forgets every answer that rests on a document which was changed or deleted: in all replicas, and those for when no model answers.
   * @throws if the semantic cache's index fails
   */
  async forgetDocument(caller: Caller, documentId: string): Promise<void> {
    const { tenant } = caller.identity;
    await this.props.tiered.deleteTag(documentTag(tenant, documentId));
    await this.props.semanticOf(caller).invalidateDocument(tenant, documentId);
  }

  async #similarOrAsked(
    semantic: SemanticCache,
    scope: AnswerScope,
    { question, documents }: CacheRequest,
    ask: () => Promise<ModelAnswer>,
  ): Promise<Kept> {
    const { metrics } = this.props;
    const { hit } = await semantic.find(scope, question);
    metrics.count(cacheRequests, { cache: 'semantic', level: hit === null ? 'source' : 'semantic' });
    if (hit !== null)
      return {
        answer: free({ content: hit.answer, tool_calls: [], finish_reason: 'stop', model: scope.model }),
        similarity: hit.cosine,
      };
    const answer = await ask();
    // One that was cut is an answer to this request alone, and a fallback's is one of that model.
    if (answer.finish_reason === 'stop')
      await semantic.store(
        { ...scope, model: answer.model },
        { question, answer: answer.content, documents, usedTools: false },
      );
    return { answer, similarity: null };
  }
}

type CacheRequest = NonNullable<Invocation['cache']>;

/** Everything but the question that changes an answer. */
export function scopeOf(
  request: Invocation,
  { instructions, images, knowledge }: CacheRequest,
  model: string,
  { identity }: Caller,
): AnswerScope {
  return {
    tenant: identity.tenant,
    // Every user of a tenant may see all of its documents.
    userGroup: 'tenant',
    model,
    systemPromptHash: sha256Of(instructions),
    tools: [],
    // A question's own language is that of its answer.
    language: 'und',
    images,
    parameters: answerParameters.parse(request),
    knowledge,
  };
}

/** What an answer is forgotten by: the documents that it rests on. */
export function tagsOf({ documents }: CacheRequest, { identity }: Caller): readonly CacheTag[] {
  return documents.map((id) => documentTag(identity.tenant, id));
}

function documentTag(tenant: string, documentId: string): CacheTag {
  return cacheTag(tenant, `document ${documentId}`);
}

/** An answer that no model was asked for costs nothing. */
function free(answer: Pick<ModelAnswer, 'content' | 'tool_calls' | 'finish_reason' | 'model'>): ModelAnswer {
  return { ...answer, usage: { input_tokens: 0, output_tokens: 0 }, cost_usd: 0 };
}
