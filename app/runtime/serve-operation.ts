import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify';
import type * as z from 'zod';
import { type Operation, requestLimits } from '../../contract/index.js';
import { type Caller, makeCaller, readIdentity } from './caller.js';
import { JsonLines } from './json-lines.js';

/** A validated request of an operation. */
export interface OperationRequest<O extends Operation> {
  readonly params: z.output<O['params']>;
  readonly query: z.output<O['query']>;
  readonly body: z.output<O['body']>;
  readonly contentType: string;
  readonly caller: Caller;
}

type Handler<O extends Operation, R> = (request: OperationRequest<O>) => R;

export const STREAM_TYPE = 'application/x-ndjson';

/** Serves an operation of the contract: validates the request by its schemas and the answer by its response. */
export function serveOperation<O extends Operation>(
  app: FastifyInstance,
  operation: O,
  handler: Handler<O, Promise<z.input<O['response']>>>,
): void {
  route(app, operation, handler);
}

/** A file, as it is sent. */
export interface Content {
  readonly mediaType: string;
  /** What it is called where it is kept. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Serves an operation whose answer is a file. */
export function serveContent<O extends Operation>(
  app: FastifyInstance,
  operation: O,
  handler: Handler<O, Promise<Content>>,
): void {
  route(app, operation, async (request, reply) => sendContent(reply, await handler(request)));
}

/** Sends a file to be kept, not shown: it is somebody's, and a page of it would run as one of ours. */
export function sendContent(reply: FastifyReply, { mediaType, name, content }: Content): FastifyReply {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return reply
    .headers({
      'content-type': mediaType || 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encoded}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    .send(Readable.from(content));
}

/** Serves an operation whose answer is a stream of lines. Its handler's failure is an error's status before the first, else it breaks the stream off. */
export function serveStream<O extends Operation>(
  app: FastifyInstance,
  operation: O,
  handler: (request: OperationRequest<O>, send: (line: z.input<O['response']>) => Promise<void>) => Promise<void>,
): void {
  route(app, operation, async (request, reply) => {
    const lines = new JsonLines();
    await new Promise<void>((begin, fail) => {
      const send = (line: unknown) => {
        begin();
        return lines.send(line);
      };
      handler(request, send).then(
        () => {
          begin();
          lines.end();
        },
        (error: Error) => {
          fail(error);
          lines.destroy(error);
        },
      );
    });
    reply.type(STREAM_TYPE);
    return lines;
  });
}

function route<O extends Operation>(
  app: FastifyInstance,
  operation: O,
  answer: (request: OperationRequest<O>, reply: FastifyReply) => Promise<unknown>,
): void {
  addRoute(app, operation, {
    method: operation.method,
    url: operation.path,
    schema: {
      summary: operation.summary,
      params: operation.params,
      querystring: operation.query,
      ...(operation.method === 'POST' || operation.method === 'PUT' ? { body: operation.body } : {}),
      ...(operation.stream || operation.rawAnswer ? {} : { response: { 200: operation.response } }),
    },
    handler: (request, reply) =>
      answer(
        {
          params: request.params as z.output<O['params']>,
          query: request.query as z.output<O['query']>,
          body: request.body as z.output<O['body']>,
          contentType: request.headers['content-type'] ?? '',
          caller: makeCaller(request, readIdentity(request.headers), request.trace, request.clientGone),
        },
        reply,
      ),
  });
}

/** Adds an operation's route. It takes bytes of any content type where the operation's body is raw, and JSON alone where it is not. */
export function addRoute(app: FastifyInstance, { rawBody }: Operation, route: RouteOptions): void {
  if (!rawBody) {
    app.route(route);
    return;
  }
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.route({ ...route, bodyLimit: requestLimits.documentBytes });
  });
}
