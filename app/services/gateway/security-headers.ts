import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** Helmet's headers, which are the same for every page: it is asked once, not for each request. */
const ofPages = helmetHeaders();

/** What OWASP's REST Security Cheat Sheet asks of answers that no browser shows. The rest of Helmet's is about pages. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': ofPages['strict-transport-security'] ?? '',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Gives what this scope serves the headers of pages. */
export function protectPages(scope: FastifyInstance): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.headers(ofPages);
    done();
  });
}

function helmetHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const answer = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  const protect = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  protect({} as IncomingMessage, answer as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
