import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { chatApi, orchestratorApi, probes, requestBudget } from '../../../contract/index.js';
import { ServiceError } from '../../runtime/errors.js';
import { packageFolder } from '../../runtime/package-folder.js';
import { answersOf } from './answers.js';
import { callerOf, type Entrance } from './entrance.js';

const FILES = {
  '/console': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/console/console.js': { file: 'console.js', type: 'text/javascript; charset=utf-8' },
  '/console/console.css': { file: 'console.css', type: 'text/css; charset=utf-8' },
} as const;

const status = z.strictObject({
  at: z.iso.datetime(),
  services: z.array(
    z.strictObject({
      name: z.string(),
      ready: z.boolean(),
      reason: z.string().optional(),
      answer_ms: z.number().min(0),
    }),
  ),
  /** Absent where the service that knows does not answer, as the next two are. */
  queues: chatApi.queues.response.optional(),
  spending: orchestratorApi.spending.response.shape.models.optional(),
  experiments: orchestratorApi.experiments.response.shape.experiments.optional(),
});

/** The status page at `/console`, and the figures behind it for whoever has a token. */
export function addConsole(app: FastifyInstance, entrance: Entrance): void {
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/console'));
  for (const [url, { file, type }] of Object.entries(FILES)) {
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).send(await readFile(join(packageFolder(), 'app', 'console', file))),
    );
  }

  app.get('/console/status', {
    schema: {
      tags: ['console'],
      summary: 'Readiness of every service, tasks waiting, spending and experiments.',
      response: answersOf({ 200: status }),
    },
    handler: async (request) => {
      const caller = await callerOf(entrance, request);
      const orUndefined = (error: unknown) => {
        if (error instanceof ServiceError) return undefined;
        throw error;
      };
      const { client } = entrance;
      const [services, queues, spending, experiments] = await Promise.all([
        Promise.all(Object.entries(client.urls).map(([name, url]) => readinessOf(name, url))),
        client.call(chatApi.queues, {}, caller).catch(orUndefined),
        client.call(orchestratorApi.spending, {}, caller).catch(orUndefined),
        client.call(orchestratorApi.experiments, {}, caller).catch(orUndefined),
      ]);
      return {
        at: new Date().toISOString(),
        services,
        queues,
        spending: spending?.models,
        experiments: experiments?.experiments,
      } satisfies z.input<typeof status>;
    },
  });
}

async function readinessOf(name: string, url: string) {
  const startedAt = performance.now();
  const result = await fetch(new URL(probes.readiness.path, url), {
    signal: AbortSignal.timeout(requestBudget.probeMs),
  }).then(
    async (response) => ({ ready: response.ok, ...(response.ok ? {} : { reason: await response.text() }) }),
    (error: Error) => ({ ready: false, reason: error.message }),
  );
  return { name, ...result, answer_ms: performance.now() - startedAt };
}
