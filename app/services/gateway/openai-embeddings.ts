import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import { EMBEDDING_BATCH_SIZE, orchestratorApi } from '../../../contract/index.js';
import { estimateTokens } from '../../limits/estimate-tokens.js';
import type { Caller } from '../../runtime/caller.js';
import { errors } from '../../runtime/errors.js';
import { answersOf } from './answers.js';
import { admit, callerOf, type Entrance, identified } from './entrance.js';
import { embeddingList } from './openai-answers.js';
import { refuseUnknownFields } from './openai-refusals.js';
import { embeddingRequest } from './openai-schemas.js';

/** `POST /v1/embeddings` */
export function addEmbeddings(app: FastifyInstance, entrance: Entrance): void {
  app.post('/v1/embeddings', {
    ...identified(entrance),
    preValidation: refuseUnknownFields(embeddingRequest),
    schema: {
      tags: ['openai'],
      summary: 'Embeddings.',
      body: embeddingRequest,
      response: answersOf({ 200: embeddingList }, { body: true, limited: true, notFound: true }),
    },
    handler: async (request, reply) => {
      const {
        input,
        encoding_format: format,
        model: wanted,
        dimensions,
      } = request.body as z.infer<typeof embeddingRequest>;
      const texts = [input].flat();
      const caller = await callerOf(entrance, request);
      const work = await admit(entrance, caller, estimateTokens(texts, 0), { log: request.log, reply });
      const embedded = await work.run(
        () => embedAll(entrance, texts, wanted, caller),
        (answer) => answer.usage,
      );
      const length = embedded.vectors[0]?.length;
      if (dimensions != null && dimensions !== length)
        throw errors.invalid(
          'dimensions',
          `is ${dimensions}, and vectors of ${embedded.model} have ${length}: leave it out`,
        );
      return {
        object: 'list',
        model: embedded.model,
        data: embedded.vectors.map((vector, index) => ({
          object: 'embedding' as const,
          index,
          embedding: format === 'base64' ? toBase64(vector) : vector,
        })),
        usage: { prompt_tokens: embedded.usage.input_tokens, total_tokens: embedded.usage.input_tokens },
      } satisfies z.input<typeof embeddingList>;
    },
  });
}

/** As many calls as batches, one after the other: a client may send more at once than one call takes. */
async function embedAll({ client }: Entrance, texts: readonly string[], wanted: string, caller: Caller) {
  const vectors: number[][] = [];
  const usage = { input_tokens: 0, output_tokens: 0 };
  let by = wanted;
  for (let from = 0; from < texts.length; from += EMBEDDING_BATCH_SIZE) {
    const body = { texts: texts.slice(from, from + EMBEDDING_BATCH_SIZE), model: wanted };
    const answer = await client.call(orchestratorApi.embed, { body }, caller);
    vectors.push(...answer.vectors);
    usage.input_tokens += answer.usage.input_tokens;
    by = answer.model;
  }
  return { model: by, vectors, usage };
}

/** OpenAI's base64 form: little-endian 32-bit floats. */
function toBase64(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64');
}
