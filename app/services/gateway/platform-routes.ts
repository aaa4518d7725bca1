import type { FastifyInstance } from 'fastify';
import {
  agentApi,
  chatApi,
  chatResult,
  memoryApi,
  orchestratorApi,
  ragApi,
  requestBudget,
  taskView,
} from '../../../contract/index.js';
import { MEDIA_TYPES } from '../../documents/media-type.js';
import { estimateTokens } from '../../limits/estimate-tokens.js';
import { errors } from '../../runtime/errors.js';
import { answersOf } from './answers.js';
import { chatUsage } from './chat-usage.js';
import { admit, callerOf, type Entrance, identified } from './entrance.js';
import { addFeedback } from './feedback-route.js';
import { addForgetUser } from './forget-user-route.js';
import { addOriginal } from './original-route.js';
import { openRoute } from './public-route.js';
import { addUsageCsv } from './usage-csv.js';

/** The platform's own API. */
export function addPlatformRoutes(app: FastifyInstance, entrance: Entrance): void {
  addChat(app, entrance);
  openRoute(app, entrance, {
    method: 'POST',
    path: '/chat/async',
    operation: chatApi.submitChat,
    limited: true,
    // Nobody here learns what it will have used: the reservation counts.
    tokens: { estimate: ({ message }) => estimateTokens([message]) },
    status: 202,
  });
  openRoute(app, entrance, {
    method: 'POST',
    path: '/api/embeddings',
    operation: chatApi.submitEmbed,
    limited: true,
    tokens: { estimate: ({ texts }) => estimateTokens(texts, 0) },
    status: 202,
  });
  openRoute(app, entrance, { method: 'GET', path: '/tasks/:id', operation: chatApi.task, limited: false });
  openRoute(app, entrance, { method: 'DELETE', path: '/tasks/:id', operation: chatApi.cancelTask, limited: false });

  openRoute(app, entrance, {
    method: 'POST',
    path: '/api/documents',
    operation: ragApi.upload,
    limited: true,
    consumes: MEDIA_TYPES,
  });
  openRoute(app, entrance, { method: 'GET', path: '/api/documents', operation: ragApi.listDocuments, limited: false });
  openRoute(app, entrance, {
    method: 'DELETE',
    path: '/api/documents/:id',
    operation: ragApi.deleteDocument,
    limited: false,
  });
  addOriginal(app, entrance);
  openRoute(app, entrance, { method: 'POST', path: '/api/search', operation: ragApi.retrieve, limited: true });

  openRoute(app, entrance, {
    method: 'POST',
    path: '/api/agent',
    operation: agentApi.execute,
    limited: true,
    tokens: { estimate: ({ task }) => estimateTokens([task]), used: ({ usage }) => usage },
  });
  openRoute(app, entrance, { method: 'GET', path: '/api/tools', operation: agentApi.tools, limited: false });

  openRoute(app, entrance, {
    method: 'GET',
    path: '/api/sessions/:session',
    operation: memoryApi.read,
    limited: false,
  });
  openRoute(app, entrance, {
    method: 'DELETE',
    path: '/api/sessions/:session',
    operation: memoryApi.forget,
    limited: false,
  });

  addForgetUser(app, entrance);

  openRoute(app, entrance, { method: 'POST', path: '/v1/route', operation: orchestratorApi.route, limited: true });
  openRoute(app, entrance, {
    method: 'GET',
    path: '/api/experiments',
    operation: orchestratorApi.experiments,
    limited: false,
  });
  openRoute(app, entrance, {
    method: 'GET',
    path: '/experiments/:id/results',
    operation: orchestratorApi.results,
    limited: false,
  });
  openRoute(app, entrance, {
    method: 'POST',
    path: '/experiments/:id/outcomes',
    operation: orchestratorApi.recordOutcome,
    limited: true,
  });
  addFeedback(app, entrance);
  openRoute(app, entrance, { method: 'GET', path: '/usage', operation: orchestratorApi.usage, limited: false });
  addUsageCsv(app, entrance);
  openRoute(app, entrance, {
    method: 'GET',
    path: '/api/spending',
    operation: orchestratorApi.spending,
    limited: false,
  });
}

/** `POST /api/chat`: the answer itself when it comes within the budget, else 202 with the task to ask for. */
function addChat(app: FastifyInstance, entrance: Entrance): void {
  const { body, summary, service } = chatApi.submitChat;
  app.post('/api/chat', {
    schema: {
      tags: [service.name],
      summary: `${summary} Waits for the answer within its budget, else 202.`,
      body,
      response: answersOf(
        { 200: chatResult, 202: taskView, 500: taskView },
        { body: true, limited: true, notFound: true, conflict: true },
      ),
    },
    ...identified(entrance),
    handler: async (request, reply) => {
      const caller = await callerOf(entrance, request);
      const message = body.parse(request.body);
      const work = await admit(entrance, caller, estimateTokens([message.message]), { log: request.log, reply });
      const task = await work.run(async () => {
        const submitted = await entrance.client.call(chatApi.submitChat, { body: message }, caller);
        return entrance.client.call(
          chatApi.task,
          { params: { id: submitted.task_id }, query: { wait_ms: requestBudget.syncAnswerMs } },
          caller,
        );
      }, chatUsage);
      if (task.refused) throw errors.refusedTask(task.refused, task.error ?? '', task.task_id);
      if (task.status === 'failed') return reply.status(500).send(task);
      return task.status === 'completed' ? task.result : reply.status(202).send(task);
    },
  });
}
