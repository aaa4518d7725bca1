import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { chatApi, memoryApi, orchestratorApi } from '../../../contract/index.js';
import { answersOf } from './answers.js';
import { admit, callerOf, type Entrance } from './entrance.js';

const forgotten = z.strictObject({
  tasks: z.int().min(0),
  sessions: z.int().min(0),
  ledger_entries: z.int().min(0),
});

/**
 * `DELETE /api/users/me`: what the platform knows of the caller, in every service. Should one of them fail, those before it have done their part, and
 * the caller asks again. Documents stay: they are the tenant's (docs/decisions/0050).
 */
export function addForgetUser(app: FastifyInstance, entrance: Entrance): void {
  app.delete('/api/users/me', {
    schema: {
      tags: ['users'],
      summary:
        "Forgets the caller: tasks, sessions, what experiments measured, and the name in the ledger. The tenant's documents and totals stay.",
      response: answersOf({ 200: forgotten }, { limited: true }),
    },
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      await admit(entrance, caller, 0, { log: request.log, reply });
      // Tasks first: a running one would write into the session that was deleted.
      const { tasks } = await entrance.client.call(chatApi.forgetUser, {}, caller);
      const { sessions } = await entrance.client.call(memoryApi.forgetUser, {}, caller);
      const { ledger_entries } = await entrance.client.call(orchestratorApi.forgetUser, {}, caller);
      return { tasks, sessions, ledger_entries };
    },
  });
}
