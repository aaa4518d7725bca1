import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER, rateLimitHeaders } from '../../../contract/index.js';
import { errors } from '../../runtime/errors.js';

/**
 * Lets the pages of these origins in, `*` for all. Their preflights are the plugin's affair; what it would put together for each answer anew is
 * the same for all of them.
 */
export async function letPagesIn(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  // A page may read these too.
  const exposed = [REQUEST_ID_HEADER, ...Object.values(rateLimitHeaders)].join(', ');
  const all = origins.includes('*');
  app.addHook('onRequest', ({ headers: { origin } }, reply, done) => {
    reply.header('vary', 'Origin');
    if (origin !== undefined && (all || origins.includes(origin)))
      reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed });
    done();
  });
  await app.register(async (preflights) => {
    preflights.addHook('onRequest', async ({ headers }) => {
      if (headers.origin === undefined || headers['access-control-request-method'] === undefined)
        throw errors.malformed('OPTIONS is for preflights, with the headers Origin and Access-Control-Request-Method.');
    });
    await preflights.register(cors, { origin: [...origins], methods: ['GET', 'POST', 'DELETE'], maxAge: 600 });
  });
}
