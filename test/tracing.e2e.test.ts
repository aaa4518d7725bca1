import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SamplingDecision,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { WebSocket } from 'ws';
import { signToken } from '../app/embedded/local-tokens.js';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { type TaskView, TRACE_HEADER } from '../contract/index.js';
import { until } from './support/until.js';

const ada = { user: 'ada', tenant: 'acme', tier: 'enterprise' } as const;

describe('the trace of one async chat', () => {
  const exporter = new InMemorySpanExporter();
  const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  /** Name of the root whose trace is not kept. */
  let dropped: string | undefined;
  const chosen = (name: string) => ({
    decision: name === dropped ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
  });
  let platform: EmbeddedPlatform;
  let spans: readonly ReadableSpan[];

  beforeAll(async () => {
    const sampler = new ParentBasedSampler({ root: { shouldSample: (_context, _trace, name) => chosen(name) } });
    const provider = new BasicTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] });
    trace.setGlobalTracerProvider(provider);
    platform = await startPlatform({ port: 0, logLevel: 'silent', env: {}, clock: Date.now });
    await chatLater();
    const all = exporter.getFinishedSpans();
    const entrance = all.find(({ name }) => name === 'POST /chat/async');
    spans = all.filter((span) => span.spanContext().traceId === entrance?.spanContext().traceId);
  });
  afterAll(async () => {
    await platform.close();
    trace.disable();
  });

  /** An async chat to its end. */
  async function chatLater() {
    const accepted = await fetch(new URL('/chat/async', platform.urls.gateway), {
      method: 'POST',
      headers: { ...(await headers()), [TRACE_HEADER]: `00-${caller.traceId}-${caller.spanId}-01` },
      body: JSON.stringify({ session: 's1', message: 'Where are spare seals kept?' }),
    });
    expect(accepted.status).toBe(202);
    const { task_id: id } = (await accepted.json()) as TaskView;
    const ended = await fetch(new URL(`/tasks/${id}?wait_ms=10000`, platform.urls.gateway), {
      headers: await headers(),
    });
    expect(((await ended.json()) as TaskView).status).toBe('completed');
  }

  const headers = async () => ({
    authorization: `Bearer ${await signToken(platform.secret, ada, Date.now)}`,
    'content-type': 'application/json',
  });
  const nameOf = (span: ReadableSpan) => `${span.instrumentationScope.name}: ${span.name}`;
  const parentOf = (span: ReadableSpan) =>
    spans.find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId);
  const pathTo = (span: ReadableSpan): string[] => {
    const parent = parentOf(span);
    return [...(parent === undefined ? [] : pathTo(parent)), nameOf(span)];
  };

  it("is one tree, by way of the queue, and linked with the caller's", () => {
    const roots = spans.filter((span) => parentOf(span) === undefined);
    expect(roots).toHaveLength(1);
    expect(roots[0]?.parentSpanContext).toBeUndefined();
    expect(roots[0]?.links).toMatchObject([{ context: caller }]);
    const task =
      'gateway: POST /chat/async > client: POST /chat > chat: POST /chat > chat: send high > worker: process chat';
    expect(spans.map((span) => pathTo(span).join(' > '))).toEqual(
      expect.arrayContaining([
        task,
        `${task} > client: GET /memory/:session > memory: GET /memory/:session`,
        `${task} > client: POST /retrieve > rag: POST /retrieve > client: POST /embed > orchestrator: POST /embed > models: embeddings local-hashing`,
        `${task} > client: POST /invoke > orchestrator: POST /invoke > models: chat local-extractive`,
      ]),
    );
  });

  it('tells what a model call took', () => {
    const call = spans.find(({ name }) => name === 'chat local-extractive');
    expect(call?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'local-extractive',
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
    });
  });

  it("has an agent's tools under the agent", async () => {
    const answer = await fetch(new URL('/api/agent', platform.urls.gateway), {
      method: 'POST',
      headers: await headers(),
      body: JSON.stringify({ task: 'What is 17 * 23?' }),
    });
    expect(answer.status).toBe(200);
    const all = exporter.getFinishedSpans();
    const tool = all.find(({ name }) => name === 'execute_tool calculator');
    const parent = all.find((span) => span.spanContext().spanId === tool?.parentSpanContext?.spanId);
    expect(parent && nameOf(parent)).toMatch(/^agent: POST /);
  });

  it('has a WebSocket that ended as one that was used, not as a client that went away', async () => {
    const { authorization } = await headers();
    const socket = new WebSocket(new URL('/ws/chat', platform.urls.gateway), { headers: { authorization } });
    await once(socket, 'open');
    socket.close();
    await until('its span has ended', () => exporter.getFinishedSpans().some(({ name }) => name === 'GET /ws/chat'));
    const [span] = exporter.getFinishedSpans().filter(({ name }) => name === 'GET /ws/chat');
    expect(span).toMatchObject({
      attributes: { 'http.response.status_code': 101 },
      status: { code: SpanStatusCode.UNSET },
    });
  });

  it('is kept nowhere where the first process has chosen not to keep it, though the caller would have', async () => {
    exporter.reset();
    dropped = 'POST /chat/async';
    await chatLater();
    // What asks for the end is a request of its own, and kept.
    const kept = exporter.getFinishedSpans().map(({ name }) => name);
    expect(kept).toContain('GET /tasks/:id');
    for (const name of ['POST /chat/async', 'send high', 'process chat', 'chat local-extractive'])
      expect(kept).not.toContain(name);
  });

  it('says nothing of what the user said', () => {
    expect(JSON.stringify(spans.map(({ name, attributes, events }) => ({ name, attributes, events })))).not.toMatch(
      /spare seals/,
    );
  });
});
