import { semanticCachePolicy } from '../../contract/index.js';
import { inTime } from '../resilience/deadline.js';
import type { Clock } from '../runtime/clock.js';
import type { AnswerIndex } from './answer-index.js';
import { reuseOf } from './answer-kind.js';
import { type AnswerScope, placeOf } from './answer-scope.js';
import { compareQuestions } from './guard.js';

export interface SemanticCacheProps {
  readonly index: AnswerIndex;
  /** Embeds a question. */
  readonly embed: (text: string) => Promise<readonly number[]>;
  readonly clock: Clock;
  /** @default semanticCachePolicy of the contract, for embeddings of OpenAI or alike */
  readonly policy?: SemanticCachePolicy;
  /** Called when embedding or index failed or was too slow. The request goes on without the cache. */
  readonly onError: (error: unknown) => void;
}

export type SemanticCachePolicy = Pick<typeof semanticCachePolicy, 'ttlSeconds'> & {
  readonly minCosine: number;
  readonly weighsWording: boolean;
  readonly candidates: number;
  readonly timeoutMs: number;
};

/** An answer that was given before to the same question, put another way perhaps. */
export interface ReusedAnswer {
  readonly answer: string;
  /** The question that it was given to. */
  readonly question: string;
  readonly cosine: number;
  readonly ageSeconds: number;
}

/** Why no answer is reused: the question's kind forbids it, nothing is near, or what is near is not the same. */
export type Miss =
  | { readonly reason: 'never' | 'nothing-near' | 'failed' }
  | { readonly reason: 'different'; readonly question: string; readonly difference: string };

export type Lookup = { readonly hit: ReusedAnswer } | { readonly hit: null; readonly miss: Miss };

export interface NewAnswer {
  readonly question: string;
  readonly answer: string;
  /** Ids of the documents that the answer rests on. */
  readonly documents: readonly string[];
  /** Whether a tool was run for it. What tools find out is true at one moment for one user. */
  readonly usedTools: boolean;
  /** What a look-up may ask for, such as `{ topic: 'travel' }`. @default nothing */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Reuses answers to questions that mean the same. Its failure never reaches the caller: it reads as a miss. */
export class SemanticCache {
  readonly #policy: SemanticCachePolicy;

  constructor(private readonly props: SemanticCacheProps) {
    const { minCosine, weighsWording } = semanticCachePolicy;
    this.#policy = props.policy ?? {
      ...semanticCachePolicy,
      minCosine: minCosine.openai,
      weighsWording: weighsWording.openai,
    };
  }

  /**
   * The nearest answer whose question the guard takes for the same.
   * @param filter metadata that the answer must have, all of it
   */
  async find(scope: AnswerScope, question: string, filter: Readonly<Record<string, string>> = {}): Promise<Lookup> {
    if (reuseOf(question, scope.images) === 'never') return miss({ reason: 'never' });
    const near = await this.#attempt('look-up', async () => {
      const vector = await this.props.embed(question);
      const { minCosine, candidates: limit } = this.#policy;
      return this.props.index.nearest({ scope: placeOf(scope, question), vector, minCosine, limit, filter });
    });
    if (near === undefined) return miss({ reason: 'failed' });
    let different: Miss = { reason: 'nothing-near' };
    const aboutImages = scope.images.length > 0;
    for (const { entry, cosine } of near) {
      const weighed = this.#policy.weighsWording ? cosine : undefined;
      const sameness = compareQuestions(question, entry.question, { aboutImages, cosine: weighed });
      if (sameness.same) {
        const ageSeconds = (this.props.clock() - entry.storedAt) / 1000;
        return { hit: { answer: entry.answer, question: entry.question, cosine, ageSeconds } };
      }
      if (different.reason === 'nothing-near') {
        different = { reason: 'different', question: entry.question, difference: sameness.difference };
      }
    }
    return miss(different);
  }

  /** Keeps an answer, unless it must not be reused. @returns whether it was kept */
  async store(
    scope: AnswerScope,
    { question, answer, documents, usedTools, metadata = {} }: NewAnswer,
  ): Promise<boolean> {
    const reuse = usedTools ? 'never' : reuseOf(question, scope.images);
    if (reuse === 'never') return false;
    const storedAt = this.props.clock();
    const ttlSeconds = this.#policy.ttlSeconds[reuse];
    const expiresAt = ttlSeconds === null ? null : storedAt + ttlSeconds * 1000;
    const kept = await this.#attempt('store', async () => {
      const vector = await this.props.embed(question);
      const { tenant } = scope;
      await this.props.index.put({
        tenant,
        scope: placeOf(scope, question),
        question,
        vector,
        answer,
        documents,
        metadata,
        storedAt,
        expiresAt,
      });
      return true;
    });
    return kept ?? false;
  }

  /**
   * Forgets every answer that rests on a document, which was changed or deleted.
   * @returns how many there were
   * @throws if the index fails: the caller must know that old answers may still be given
   */
  invalidateDocument(tenant: string, documentId: string): Promise<number> {
    return this.props.index.deleteByDocument(tenant, documentId);
  }

  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await inTime({ what: `The semantic cache's ${what}`, timeoutMs: this.#policy.timeoutMs }, work());
    } catch (error) {
      this.props.onError(error);
      return undefined;
    }
  }
}

function miss(reason: Miss): Lookup {
  return { hit: null, miss: reason };
}
