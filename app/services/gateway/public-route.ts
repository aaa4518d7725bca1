import type { FastifyInstance, FastifyReply } from 'fastify';
import type * as z from 'zod';
import type { Operation, Usage } from '../../../contract/index.js';
import { addRoute } from '../../runtime/serve-operation.js';
import { bearerToken } from './authenticate.js';
import { admit, callerOf, type Entrance } from './entrance.js';

export interface PublicRoute<O extends Operation> {
  readonly method: Operation['method'];
  readonly path: string;
  readonly operation: O;
  /** Whether a request counts against the caller's limits: what makes work does, what only looks does not. */
  readonly limited: boolean;
  /** Of work that models do: the tokens that it may use, and what it has used. @default none, and what was estimated */
  readonly tokens?: {
    estimate(body: z.output<O['body']>): number;
    used?(result: z.output<O['response']>): Usage | undefined;
  };
  /** Changes the answer, or its status. @default the operation's answer, 200 */
  readonly answer?: (result: z.output<O['response']>, reply: FastifyReply) => unknown;
}

/** Opens an operation of an internal service to the public, behind the token and the limits. */
export function openRoute<O extends Operation>(app: FastifyInstance, entrance: Entrance, route: PublicRoute<O>): void {
  const { operation, answer = (result) => result } = route;
  const takesBody = route.method === 'POST' || route.method === 'PUT';
  addRoute(app, operation, {
    method: route.method,
    url: route.path,
    onRequest: async (request) => {
      await entrance.authenticate(bearerToken(request.headers));
    },
    schema: {
      tags: [operation.service.name],
      summary: operation.summary,
      params: operation.params,
      querystring: operation.query,
      ...(takesBody ? { body: operation.body } : {}),
    },
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      const ask = () =>
        entrance.client.call(
          operation,
          {
            params: request.params as z.input<O['params']>,
            query: request.query as z.input<O['query']>,
            ...(takesBody ? { body: request.body as z.input<O['body']> } : {}),
            ...(operation.rawBody ? { contentType: request.headers['content-type'] ?? '' } : {}),
          },
          caller,
        );
      if (!route.limited) return answer(await ask(), reply);
      const tokens = route.tokens?.estimate(request.body as z.output<O['body']>) ?? 0;
      const work = await admit(entrance, caller, tokens, { log: request.log, reply });
      return answer(await work.run(ask, (result) => route.tokens?.used?.(result)), reply);
    },
  });
}
