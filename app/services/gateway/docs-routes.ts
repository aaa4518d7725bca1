import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { protectPages } from './security-headers.js';

/** The OpenAPI description at `/docs/json`, made from the routes' own schemas, with a page to read it at `/docs`. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  const [swagger, swaggerUi] = await Promise.all([import('@fastify/swagger'), import('@fastify/swagger-ui')]);
  await app.register(swagger.default, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Armature',
        version: '1',
        description:
          'Chat, retrieval, agents and an OpenAI-compatible API. Text is Unicode without U+0000, whatever member it stands in; else the answer is 400.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(async (pages) => {
    protectPages(pages);
    await pages.register(swaggerUi.default, { routePrefix: '/docs' });
  });
}
