import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { chatApi, requestBudget, requestLimits, type TaskView } from '../../../contract/index.js';
import { estimateTokens } from '../../limits/estimate-tokens.js';
import type { TaskEvents } from '../../queue/task-events.js';
import { hasEnded, viewTask } from '../../queue/task-view.js';
import { type Caller, makeCaller } from '../../runtime/caller.js';
import { errors, ServiceError } from '../../runtime/errors.js';
import { refuseUnstorable } from '../../runtime/storable-json.js';
import { bearerToken } from './authenticate.js';
import { chatUsage } from './chat-usage.js';
import { admit, type Entrance } from './entrance.js';
import { webSocketUpgrades } from './upgrades.js';

/** Subprotocol by which a browser, which cannot set headers here, sends its token: `bearer.<token>`. */
const TOKEN_PROTOCOL = 'bearer.';

/**
 * `GET /ws/chat`: each message in is a chat request, as in `POST /chat/async`; out come the task's states as they change, the
 * last with its result. Results are pushed by the task's events, never polled.
 */
export async function addChatSocket(app: FastifyInstance, entrance: Entrance, events: TaskEvents): Promise<void> {
  const inHand: WorkInHand = new WeakMap();
  await app.register(websocket, {
    preClose: closeWhenDone(inHand),
    options: {
      server: webSocketUpgrades(app.server),
      maxPayload: requestLimits.bodyBytes,
      handleProtocols: (offered: Set<string>) => [...offered].find((name) => name.startsWith(TOKEN_PROTOCOL)) ?? false,
    },
  });
  app.register(async (scope) => {
    scope.route({
      method: 'GET',
      url: '/ws/chat',
      schema: { hide: true },
      // Before the upgrade, so that a bad token is an ordinary 401.
      onRequest: async (request: FastifyRequest) => {
        await entrance.authenticate(tokenOf(request));
      },
      handler: async ({ url }) => {
        throw errors.upgradeRequired(url.split('?')[0] ?? url);
      },
      wsHandler: (socket, request) => {
        const gone = new AbortController();
        const own = new Set<Promise<void>>();
        inHand.set(socket, own);
        socket.on('close', () => gone.abort(new Error('The client has gone.')));
        // Each message again: a connection outlives its token, which must then stop working.
        socket.on('message', (data) => {
          const work = entrance
            .authenticate(tokenOf(request))
            .then((identity) => makeCaller(request, identity, request.trace, gone.signal))
            .then((caller) => answer({ socket, caller, log: request.log }, String(data), entrance, events))
            .catch((error: unknown) => {
              if (!gone.signal.aborted) sendError(socket, error, request.log);
            })
            .finally(() => own.delete(work));
          own.add(work);
        });
      },
    });
  });
}

/** Messages that each connection waits to have answered. */
type WorkInHand = WeakMap<WebSocket, Set<Promise<void>>>;

/** WebSocket's code for a server that goes away: a client connects again, and meets another. */
const GOING_AWAY = 1001;

/** A connection would never end by itself: each is closed when what it has in hand is pushed. */
function closeWhenDone(inHand: WorkInHand) {
  return async function close(this: FastifyInstance): Promise<void> {
    const { websocketServer } = this;
    websocketServer.close(); // takes no more
    const late = AbortSignal.timeout(requestBudget.gatewayMs);
    const over = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
    const closed = [...websocketServer.clients].map(async (client) => {
      const own = inHand.get(client) ?? new Set();
      while (own.size > 0 && !late.aborted) await Promise.race([Promise.all(own), over]);
      client.close(GOING_AWAY, 'The server is stopping.');
    });
    await Promise.all(closed);
  };
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  return bearerToken(headers) ?? protocolToken(headers['sec-websocket-protocol']);
}

function protocolToken(header: string | undefined): string | undefined {
  const offered = header?.split(',').map((name) => name.trim());
  return offered?.find((name) => name.startsWith(TOKEN_PROTOCOL))?.slice(TOKEN_PROTOCOL.length);
}

/** Who asks over which connection. */
interface Asker {
  readonly socket: WebSocket;
  readonly caller: Caller;
  readonly log: FastifyRequest['log'];
}

async function answer(
  { socket, caller, log }: Asker,
  data: string,
  entrance: Entrance,
  events: TaskEvents,
): Promise<void> {
  const body = parseMessage(data);
  const work = await admit(entrance, caller, estimateTokens([body.message]), { log });
  let last: TaskView | undefined;
  const push = (task: TaskView) => {
    if (task.status !== last?.status) send(socket, task);
    last = task;
  };
  await work.run(
    async () => {
      const submitted = await entrance.client.call(chatApi.submitChat, { body }, caller);
      push(submitted);
      await follow(submitted.task_id, push, caller, entrance, events);
    },
    () => last && chatUsage(last),
  );
}

/** Pushes a task's states in their order, until the last one or until the client has gone. */
async function follow(
  id: string,
  push: (task: TaskView) => void,
  caller: Caller,
  { client }: Entrance,
  events: TaskEvents,
): Promise<void> {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let heard = false;
  const unsubscribe = await events.subscribe(id, (record) => {
    heard = true;
    push(viewTask(record));
    if (hasEnded(record)) finish();
  });
  caller.signal.addEventListener('abort', finish);
  try {
    // What happened before the subscription. Once an event was heard, this answer may be older than it.
    const current = await client.call(chatApi.task, { params: { id } }, caller);
    if (!heard) {
      push(current);
      if (current.status === 'completed' || current.status === 'failed') finish();
    }
    if (!caller.signal.aborted) await finished;
  } finally {
    caller.signal.removeEventListener('abort', finish);
    await unsubscribe();
  }
}

function parseMessage(data: string) {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw errors.malformed('The message is not JSON; send {"session": "...", "message": "..."}.');
  }
  refuseUnstorable(data, value);
  const parsed = chatApi.submitChat.body.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw errors.invalid(issue?.path.join('.') || 'message', `is not valid: ${issue?.message}`);
}

function send(socket: WebSocket, message: unknown): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

function sendError(socket: WebSocket, error: unknown, log: FastifyInstance['log']): void {
  if (!(error instanceof ServiceError)) log.error({ err: error }, 'message failed');
  const told =
    error instanceof ServiceError
      ? error
      : new ServiceError({ status: 500, code: 'internal', message: 'Something went wrong here.' });
  send(socket, { ...told.body, status: told.status });
}
