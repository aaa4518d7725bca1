import type { FastifyInstance } from 'fastify';

/**
 * Remembers every route of an instance, so that a path that exists under another method gets 405 with Allow (Fastify itself
 * answers 404). Call it before the routes are added.
 *
 * @returns the methods that a path takes, sorted; empty for an unknown path
 */
export function trackMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // The preflight route of CORS takes every path.
    if (url === '*') return;
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) route.methods.add(one.toUpperCase());
    routes.set(url, route);
  });
  return (path) => {
    const matching = [...routes.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
  };
}

/** Templates hold `:name` segments and a trailing `*`. */
function patternOf(template: string): RegExp {
  const source = template
    .split('/')
    .map((segment) =>
      segment.startsWith(':') ? '[^/]+' : segment === '*' ? '.*' : segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}
