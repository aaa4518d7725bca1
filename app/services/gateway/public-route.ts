import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import type { Operation, Usage } from '../../../contract/index.js';
import { addRoute } from '../../runtime/serve-operation.js';
import { answersOf } from './answers.js';
import { admit, callerOf, type Entrance, identified } from './entrance.js';

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
  /** Media types of a raw body. @default JSON */
  readonly consumes?: readonly string[];
  /** Of the answer. @default 200 */
  readonly status?: 200 | 202;
}

/** Opens an operation of an internal service to the public, behind the token and the limits. */
export function openRoute<O extends Operation>(app: FastifyInstance, entrance: Entrance, route: PublicRoute<O>): void {
  const { operation, status = 200 } = route;
  const takesBody = route.method === 'POST' || route.method === 'PUT';
  addRoute(app, operation, {
    method: route.method,
    url: route.path,
    ...identified(entrance),
    schema: {
      tags: [operation.service.name],
      summary: operation.summary,
      params: operation.params,
      querystring: operation.query,
      ...(takesBody ? { body: operation.body } : {}),
      ...(route.consumes ? { consumes: [...route.consumes] } : {}),
      response: answersOf(
        { [status]: operation.response },
        { body: takesBody, limited: route.limited, notFound: route.path.includes(':') },
      ),
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
      reply.status(status);
      if (!route.limited) return ask();
      const tokens = route.tokens?.estimate(request.body as z.output<O['body']>) ?? 0;
      const work = await admit(entrance, caller, tokens, { log: request.log, reply });
      return work.run(ask, (result) => route.tokens?.used?.(result));
    },
  });
}
