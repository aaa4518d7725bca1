import type { FastifyInstance } from 'fastify';
import { memoryApi } from '../../../contract/index.js';
import type { ConversationKey, ConversationStore } from '../../conversations/conversation-store.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { serveOperation } from '../../runtime/serve-operation.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';

export interface MemoryDeps {
  readonly conversations: ConversationStore;
  readonly clock: Clock;
}

/** Keeps the conversation of each session; a session belongs to the user of the token. */
export function buildMemory({ conversations, clock }: MemoryDeps, options: ServerOptions): FastifyInstance {
  const app = buildServer(options);

  serveOperation(app, memoryApi.read, async ({ params, query, caller }) => {
    const messages = await conversations.read(keyOf(caller, params.session), query.max_messages);
    if (messages.length === 0) throw errors.notFound('session', params.session);
    return {
      session: params.session,
      messages: messages.map(({ at, ...message }) => ({ ...message, at: new Date(at).toISOString() })),
    };
  });

  serveOperation(app, memoryApi.append, async ({ params, body, caller }) => {
    const at = clock();
    await conversations.append(
      keyOf(caller, params.session),
      body.messages.map((message) => ({ ...message, at })),
    );
    return { session: params.session, appended: body.messages.length };
  });

  serveOperation(app, memoryApi.forget, async ({ params, caller }) => {
    if (!(await conversations.delete(keyOf(caller, params.session)))) throw errors.notFound('session', params.session);
    return { session: params.session };
  });

  serveOperation(app, memoryApi.forgetUser, async ({ caller }) => {
    const { tenant, user } = caller.identity;
    return { sessions: await conversations.deleteAll({ tenant, user }) };
  });

  return app;
}

function keyOf({ identity }: Caller, session: string): ConversationKey {
  return { tenant: identity.tenant, user: identity.user, session };
}
