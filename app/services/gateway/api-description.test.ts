import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { askGateway, gatewayUnderTest } from './gateway.fixture.js';

/** `GET /path/{id}`, as the description writes them. */
function routesOf(app: FastifyInstance): string[] {
  const found: string[] = [];
  const parents: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part, methods] = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    if (part === undefined) continue;
    const depth = indent.length / 4;
    parents.splice(depth, parents.length, part);
    const path = parents.join('').replace(/:(\w+)/g, '{$1}');
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') found.push(`${method} ${path}`);
  }
  return found;
}

describe('the gateway describes', () => {
  let app: FastifyInstance;
  type Schema = Record<string, unknown>;
  type Methods = Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>;
  let paths: Record<string, Methods>;
  let components: Record<string, Schema>;
  beforeAll(async () => {
    app = await gatewayUnderTest();
    ({ paths, components = {} } = (await askGateway(app, '/docs/json')).json());
  });
  afterAll(() => app.close());

  it('every route that it has', () => {
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    // Pages and what they load, probes and metrics, and what no OpenAPI can describe.
    const hidden =
      /^(GET (\/|\/docs.*|\/console(\/console\.(js|css))?|\/ws\/chat|\/health|\/ready|\/metrics)|OPTIONS .*)$/;
    const routes = routesOf(app).filter((route) => !hidden.test(route));
    expect(routes.length).toBeGreaterThan(20);
    expect(described.sort()).toEqual(routes.sort());
  });

  it('each answer of a route, good and refused, by a schema that leaves nothing open', () => {
    const open: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(methods)) {
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', 'default']));
        for (const [status, { content }] of Object.entries(responses)) {
          const schemas = Object.values(content ?? {}).map(({ schema }) => schema);
          if (schemas.length === 0) open.push(`${method} ${path} ${status} has none`);
          for (const schema of schemas)
            open.push(...openObjects(schema).map((at) => `${method} ${path} ${status} ${at}`));
        }
      }
    }
    expect(components.schemas ?? {}).toEqual({});
    expect(open).toEqual([]);
  });

  /** Objects that may hold what is not said: neither closed, nor a record of one kind of value. */
  function openObjects(schema: unknown, at = ''): string[] {
    if (typeof schema !== 'object' || schema === null) return [];
    const { type, additionalProperties } = schema as Schema;
    const here = type === 'object' && additionalProperties === undefined ? [at] : [];
    return [...here, ...Object.entries(schema).flatMap(([key, value]) => openObjects(value, `${at}/${key}`))];
  }
});
