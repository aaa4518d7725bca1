import type { ServerResponse } from 'node:http';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { hasZodFastifySchemaValidationErrors, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import {
  canaryPolicy,
  httpRequestDuration,
  httpRequests,
  REQUEST_ID_HEADER,
  requestBudget,
  requestLimits,
  type ServiceSpec,
  TRACE_HEADER,
} from '../../contract/index.js';
import { ATTRIBUTES } from '../telemetry/attributes.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { randomHex } from '../telemetry/random-hex.js';
import { failSpan, type Span, SpanKind, startSpan, traceparentOf } from '../telemetry/span.js';
import { newTrace, type TraceContext } from '../telemetry/trace-context.js';
import { trackMethods } from './allowed-methods.js';
import { answerBrokenRequest } from './broken-request.js';
import { ClientSignal } from './client-signal.js';
import { errors, ServiceError } from './errors.js';
import { isStoreAway } from './is-store-away.js';
import { parseJsonBodies } from './json-body.js';
import { requestIdOf } from './request-id.js';
import { unstorableAddress } from './storable-json.js';

declare module 'fastify' {
  interface FastifyRequest {
    trace: TraceContext;
    /** Aborts when the client goes before its answer has been sent. */
    clientGone: ClientSignal;
  }
}

/** One thing without which a process cannot serve. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects when the dependency is away. */
  check(): Promise<void>;
}

export interface ServerOptions {
  readonly spec: ServiceSpec;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Asked at each probe. @default none: ready as soon as it listens */
  readonly readiness?: () => readonly ReadinessCheck[];
  /**
   * Aborts when the process has been told to end. From then on it is not ready, and its clients are asked to send their next requests
   * over another connection. @default never
   */
  readonly draining?: AbortSignal;
  /**
   * Whether anybody may send it requests. It then begins a trace for each and only links the sender's, who could otherwise have all that
   * it sends recorded. @default false: the trace goes on
   */
  readonly isPublic?: boolean;
  /** @default contract's requestLimits.bodyBytes */
  readonly bodyLimitBytes?: number;
  /** Of every answer, whatever it says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default the contract's canaryPolicy.stableVersion */
  readonly release?: string;
}

/**
 * A Fastify instance with what every service has: probes, metrics by route template, request ids, trace context, validation by
 * zod, one shape of error. It neither listens nor reads the environment.
 */
export function buildServer(options: ServerOptions): FastifyInstance {
  const { bodyLimitBytes: bodyLimit = requestLimits.bodyBytes, headers = {} } = options;
  const app: FastifyInstance = fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: requestBudget.routeMs,
    keepAliveTimeout: requestBudget.keepAliveMs,
    genReqId: requestIdOf,
    // The hook below makes the one that knows the trace, too.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: 'idle',
    // While it closes it answers what still comes in: its pod is asked nothing new by then.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, headers),
    // An address that is none reaches neither the hooks nor the error handler.
    frameworkErrors: (error, { id }, reply: FastifyReply) =>
      tell(reply.headers({ ...headers, [REQUEST_ID_HEADER]: id }), errors.malformed(error.message)),
  });
  // JSON alone; a route that takes other bodies says so.
  app.removeContentTypeParser('text/plain');
  parseJsonBodies(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const methodsOf = trackMethods(app);
  followRequests(app, options);
  sendClientsElsewhere(app, options);
  answerErrors(app, methodsOf);
  addProbes(app, options);
  return app;
}

function followRequests(
  app: FastifyInstance,
  { spec, metrics, logger, headers, isPublic = false }: ServerOptions,
): void {
  const unmeasured = [spec.probes.liveness.path, spec.probes.readiness.path, spec.metricsPath];
  app.decorateRequest('trace');
  app.decorateRequest('clientGone');
  // Hooks are called back, not awaited: a promise each would cost a request more than what is done in them.
  app.addHook('onRequest', (request, reply, done) => {
    const method = request.method;
    const endpoint = endpointOf(request);
    const header = request.headers[TRACE_HEADER];
    const sent = typeof header === 'string' ? header : undefined;
    // Probes and scrapes come all the time and tell nothing.
    const span = unmeasured.includes(endpoint)
      ? undefined
      : startSpan({
          scope: spec.name,
          name: `${method} ${endpoint}`,
          kind: SpanKind.SERVER,
          ...(isPublic ? { linked: sent } : { parent: sent }),
          attributes: { [ATTRIBUTES.httpMethod]: method, [ATTRIBUTES.httpRoute]: endpoint },
        });
    request.trace = (span && traceOf(span)) ?? newTrace(randomHex);
    request.log = reply.log = logger.child({ reqId: request.id, traceId: request.trace.traceId }) as FastifyBaseLogger;
    const gone = new ClientSignal();
    request.clientGone = gone;
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort(new Error('The client has gone.'));
      if (span !== undefined) endSpan(span, reply.raw);
    });
    reply.header(REQUEST_ID_HEADER, request.id);
    if (headers !== undefined) reply.headers(headers);
    done();
  });
  // After the hooks that give every answer its headers.
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    done(unstorableAddress(request.url) ?? compressedBody(request) ?? null);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const method = request.method;
    const endpoint = endpointOf(request);
    // Kubelet and Prometheus ask all the time and are answered at once: counted, they would hide how the users fare.
    if (!unmeasured.includes(endpoint)) {
      metrics.count(httpRequests, { method, endpoint, status: String(reply.statusCode) });
      metrics.observe(httpRequestDuration, { method, endpoint }, reply.elapsedTime / 1000);
    }
    done();
  });
}

function compressedBody({
  headers: { 'content-encoding': coding = 'identity' },
}: FastifyRequest): ServiceError | undefined {
  return coding === 'identity' ? undefined : errors.compressed(coding);
}

/** Where nothing is traced, the caller's. */
function traceOf(span: Span): TraceContext | undefined {
  const traceparent = traceparentOf(span);
  return traceparent === undefined ? undefined : { traceId: span.spanContext().traceId, traceparent };
}

/** HTTP's status of a connection that goes on as another protocol: no answer is ever finished there, however it ends. */
const SWITCHING_PROTOCOLS = 101;

function endSpan(span: Span, { statusCode, writableFinished, req }: ServerResponse): void {
  const status = !writableFinished && req.headers.upgrade !== undefined ? SWITCHING_PROTOCOLS : statusCode;
  const unfinished = writableFinished || status === SWITCHING_PROTOCOLS ? undefined : 'client gone';
  const failure = status >= 500 ? String(status) : unfinished;
  span.setAttribute(ATTRIBUTES.httpStatus, status);
  if (failure === undefined) span.end();
  else failSpan(span, failure);
}

function sendClientsElsewhere(app: FastifyInstance, { draining }: ServerOptions): void {
  if (draining === undefined) return;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining.aborted) reply.header('connection', 'close');
    done();
  });
}

/** The route's template: raw paths would make a series for every id. */
function endpointOf(request: FastifyRequest): string {
  return request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
}

function answerErrors(app: FastifyInstance, methodsOf: (path: string) => string[]): void {
  const noSuchRoute = ({ url, method }: FastifyRequest): ServiceError => {
    const path = url.split('?')[0] ?? url;
    const allowed = methodsOf(path);
    return allowed.length > 0 ? errors.methodNotAllowed(method, path, allowed) : errors.noRoute(method, path);
  };
  app.setNotFoundHandler((request) => {
    throw noSuchRoute(request);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Whatever else is wrong with a request that no route takes, such as a body without a type, is not what its sender must know.
    const known = request.is404 ? noSuchRoute(request) : toServiceError(error, request);
    if (known === undefined) request.log.error({ err: error }, 'request failed');
    else if (known === STORE_AWAY) request.log.warn({ err: error }, 'a store is away');
    const told =
      known ??
      new ServiceError({
        status: 500,
        code: 'internal',
        message: `Something went wrong here. Request id: ${request.id}`,
      });
    return tell(reply, told);
  });
}

function tell(reply: FastifyReply, { status, headers, body }: ServiceError): FastifyReply {
  return reply.status(status).headers(headers).send(body);
}

function toServiceError(error: FastifyError, request: FastifyRequest): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const path = first?.instancePath.split('/').filter(Boolean).join('.') || (error.validationContext ?? 'request');
    return errors.invalid(path, `is not valid: ${first?.message ?? 'see the documentation'}`);
  }
  if (error.statusCode === 413) return errors.tooLarge(request.routeOptions.bodyLimit);
  if (error.statusCode === 415) return errors.unsupportedMediaType(request.headers['content-type']);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return errors.malformed(error.message);
  return isStoreAway(error) ? STORE_AWAY : undefined;
}

const STORE_AWAY = errors.unavailable('What it takes', 1);

function addProbes(app: FastifyInstance, options: ServerOptions): void {
  const { spec, metrics, readiness = () => [], draining, release = canaryPolicy.stableVersion } = options;
  app.get(spec.probes.liveness.path, { schema: { hide: true } }, async () => ({
    status: 'ok',
    service: spec.name,
    release,
  }));
  app.get(spec.probes.readiness.path, { schema: { hide: true } }, async (_request, reply) => {
    const checks = draining?.aborted ? [STOPPING] : readiness();
    const results = await Promise.allSettled(checks.map((one) => one.check()));
    const failed = checks.filter((_, i) => results[i]?.status === 'rejected').map((one) => one.name);
    return reply
      .status(failed.length === 0 ? 200 : 503)
      .send({ status: failed.length === 0 ? 'ready' : 'not ready', failed });
  });
  app.get(spec.metricsPath, { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.expose()),
  );
}

const STOPPING: ReadinessCheck = {
  name: 'stopping',
  check: async () => {
    throw new Error('The process has been told to end.');
  },
};
