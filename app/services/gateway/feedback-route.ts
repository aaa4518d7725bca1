import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { chatApi, orchestratorApi, RELEASES } from '../../../contract/index.js';
import type { Caller } from '../../runtime/caller.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import { answersOf } from './answers.js';
import { admit, callerOf, type Entrance, identified } from './entrance.js';

const { body: observation, response, service, summary } = orchestratorApi.observe;

/** Which release made an answer stands in the answer's record. A client that could name one would decide about releases. */
const feedback = observation.omit({ release: true });

/** No more of an answer than is read here. A release that is not known here is one that nobody judges. */
const answered = z.object({
  session: z.string(),
  metadata: z.object({ release: z.enum(RELEASES).optional().catch(undefined) }),
});

/** `POST /api/feedback`: what a user thinks of an answer, or any other metric of an experiment. */
export function addFeedback(app: FastifyInstance, entrance: Entrance): void {
  app.post('/api/feedback', {
    schema: {
      tags: [service.name],
      summary,
      body: feedback,
      response: answersOf({ 200: response }, { body: true, limited: true, notFound: true, conflict: true }),
    },
    ...identified(entrance),
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      const body = feedback.parse(request.body);
      const work = await admit(entrance, caller, 0, { log: request.log, reply });
      const tell = async () => {
        const known = body.answer_id === undefined ? {} : await recordOf(body.answer_id, entrance, caller);
        const { session = body.session } = known;
        if (body.session !== undefined && body.session !== session)
          throw errors.invalid(
            'session',
            `is "${body.session}", and the answer "${body.answer_id}" was given in the session "${session}". Fix: leave it out.`,
          );
        return entrance.client.call(orchestratorApi.observe, { body: { ...body, ...known, session } }, caller);
      };
      return work.run(tell, () => undefined);
    },
  });
}

/** Where an answer was given, and by which release, if that is known. @throws unless it is an answer that the caller got, and of late */
async function recordOf(
  id: string,
  { client }: Entrance,
  caller: Caller,
): Promise<{ readonly session?: string; readonly release?: (typeof RELEASES)[number] | undefined }> {
  const task = await client.call(chatApi.task, { params: { id }, query: {} }, caller).catch((error: unknown) => {
    if (error instanceof ServiceError && error.status === 404) throw errors.notFound('answer', id);
    throw error;
  });
  if (task.kind !== 'chat' || task.status !== 'completed') {
    throw errors.invalid(
      'answer_id',
      `names a task of kind ${task.kind} that is ${task.status}: what can be scored is an answer to a chat.`,
    );
  }
  const { session, metadata } = answered.parse(task.result);
  return { session, release: metadata.release };
}
