import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { makeLogger } from './logger.js';
import { inSpan, SpanKind, startSpan, traceparentOf } from './span.js';
import { startTracing } from './start-tracing.js';
import { ToldExporter } from './told-exporter.js';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';
const span = { scope: 'chat', name: 'send high', kind: SpanKind.PRODUCER };

describe('tracing', () => {
  let collector: Server;
  let url: string;
  const received: { readonly path: string | undefined; readonly body: string }[] = [];
  const lines: { readonly level: string }[] = [];
  let status: number;
  const logger = makeLogger('chat', 'info', { write: (line) => lines.push(JSON.parse(line)) });
  beforeEach(async () => {
    received.length = lines.length = 0;
    status = 200;
    collector = createServer(async (request, response) => {
      received.push({ path: request.url, body: await text(request) });
      response.writeHead(status).end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    collector.closeAllConnections();
    collector.close();
  });

  it('sends what is left when it is stopped, under the name of the process', async () => {
    const tracing = await startTracing(
      'chat',
      'v2',
      {
        otlpEndpoint: `${url}/`,
        samplingRatio: undefined,
        tracesSampler: undefined,
      },
      logger,
    );
    await inSpan({ ...span, parent: `${PARENT}-01` }, async (traceparent) => {
      expect(traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/);
    });
    await tracing.stop();
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
    const [sent] = JSON.parse(received[0]?.body ?? '').resourceSpans;
    const attributes = Object.fromEntries(
      sent.resource.attributes.map(({ key, value }: { key: string; value: unknown }) => [key, value]),
    );
    expect(attributes['service.name']).toEqual({ stringValue: 'chat' });
    expect(sent.scopeSpans[0].spans).toMatchObject([
      { name: 'send high', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentSpanId: '00f067aa0ba902b7' },
    ]);
  });

  it('keeps what the first process of a request has chosen to keep, and of its own requests the share it is told', async () => {
    const tracing = await startTracing(
      'chat',
      'v1',
      { otlpEndpoint: url, samplingRatio: 0, tracesSampler: undefined },
      logger,
    );
    const dropped = startSpan({ ...span, name: 'dropped', parent: `${PARENT}-00` });
    const kept = startSpan({ ...span, name: 'kept', parent: `${PARENT}-01` });
    const own = startSpan({ ...span, name: 'own' });
    for (const one of [dropped, kept, own]) one.end();
    expect([dropped, kept, own].map((one) => traceparentOf(one)?.slice(-2))).toEqual(['00', '01', '00']);
    await tracing.stop();
    const names = received.flatMap(({ body }) =>
      [...body.matchAll(/"name":"(dropped|kept|own)"/g)].map(([, name]) => name),
    );
    expect(names).toEqual(['kept']);
  });

  it('decides by itself whether to keep what a stranger would have kept, and links the trace of that one', async () => {
    const linked = `${PARENT}-01`;
    const settings = { otlpEndpoint: url, tracesSampler: undefined };
    const sparing = await startTracing('gateway', 'v1', { ...settings, samplingRatio: 0 }, logger);
    const dropped = startSpan({ ...span, linked });
    dropped.end();
    expect(traceparentOf(dropped)).toMatch(/^00-(?!4bf92f3577b34da6a3ce929d0e0e4736).*-00$/);
    await sparing.stop();
    expect(received).toEqual([]);
    const keeping = await startTracing('gateway', 'v1', { ...settings, samplingRatio: 1 }, logger);
    startSpan({ ...span, linked }).end();
    await keeping.stop();
    const [sent] = JSON.parse(received[0]?.body ?? '').resourceSpans[0].scopeSpans[0].spans;
    expect(sent.links).toMatchObject([{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }]);
    expect(sent).not.toHaveProperty('parentSpanId');
  });

  it('marks a span whose work failed by the kind of error alone', async () => {
    const tracing = await startTracing(
      'chat',
      'v1',
      { otlpEndpoint: url, samplingRatio: 1, tracesSampler: undefined },
      logger,
    );
    const failing = inSpan(span, () => Promise.reject(new RangeError('the secret of ada')));
    await expect(failing).rejects.toThrow('the secret of ada');
    await tracing.stop();
    expect(received[0]?.body).toContain('RangeError');
    expect(received[0]?.body).not.toContain('the secret of ada');
  });

  it('holds up neither work nor the end while the collector is away, loses what is left, and tells so once', async () => {
    collector.close();
    const tracing = await startTracing(
      'chat',
      'v1',
      { otlpEndpoint: url, samplingRatio: 1, tracesSampler: undefined },
      logger,
    );
    for (let done = 0; done < 3_000; done += 1) await inSpan(span, async () => undefined);
    await tracing.stop();
    expect(lines).toMatchObject([{ level: 'warn', url: `${url}/v1/traces`, err: { code: 'ECONNREFUSED' } }]);
  });

  it('tells once that spans are lost, and once that they arrive again', async () => {
    const told: (string | undefined)[] = [];
    const exporter = new ToldExporter(new OTLPTraceExporter({ url }), (error) => told.push(error?.message));
    for (const one of [200, 400, 400, 200, 200]) {
      status = one;
      await new Promise((done) => exporter.export([], done));
    }
    await exporter.shutdown();
    expect(told).toEqual([expect.stringContaining('Bad Request'), undefined]);
  });

  it('records nothing without an address, and a span then stands for its parent', async () => {
    const off = { otlpEndpoint: undefined, samplingRatio: undefined, tracesSampler: undefined };
    const tracing = await startTracing('chat', 'v1', off, logger);
    expect(startSpan({ ...span, parent: `${PARENT}-01` }).isRecording()).toBe(false);
    expect(traceparentOf(startSpan({ ...span, parent: `${PARENT}-01` }))).toBe(`${PARENT}-01`);
    for (const parent of [undefined, '', 'nonsense', `${PARENT}-0`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]) {
      expect(traceparentOf(startSpan({ ...span, parent }))).toBeUndefined();
    }
    await tracing.stop();
  });
});
