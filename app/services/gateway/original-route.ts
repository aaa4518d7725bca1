import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { ragApi } from '../../../contract/index.js';
import { MEDIA_TYPES } from '../../documents/media-type.js';
import { answerAs, answersOf } from './answers.js';
import { callerOf, type Entrance } from './entrance.js';

/** Sent on as the rag service says them: among them that it is a file to keep, and no page of ours. */
const HEADERS = ['content-type', 'content-disposition', 'content-security-policy', 'x-content-type-options'] as const;

const file = z.string().meta({ format: 'binary' });

/** `GET /api/documents/{id}/original`: the file that a document was read from. */
export function addOriginal(app: FastifyInstance, entrance: Entrance): void {
  const { service, summary, params } = ragApi.original;
  app.get('/api/documents/:id/original', {
    schema: {
      tags: [service.name],
      summary,
      params,
      response: answersOf({ 200: answerAs(MEDIA_TYPES, file) }, { notFound: true }),
    },
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      const { headers, body } = await entrance.client.content(
        ragApi.original,
        { params: request.params as z.input<typeof params> },
        caller,
      );
      for (const name of HEADERS) reply.header(name, headers[name]);
      return reply.send(body);
    },
  });
}
