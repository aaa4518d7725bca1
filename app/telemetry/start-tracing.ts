import { trace } from '@opentelemetry/api';
import type { SettingsOf, tracingSettings } from '../../contract/index.js';
import type { Logger } from './logger.js';
import { ToldExporter } from './told-exporter.js';

/** Records spans and sends them, until it is stopped. */
export interface Tracing {
  /** Sends what is left, for a few seconds at most. It must be the last thing that a process does. */
  stop(): Promise<void>;
}

const NONE: Tracing = { stop: async () => undefined };

/** For one batch, its retries included: an end must not wait for a collector that is away. */
const SEND_TIMEOUT_SECONDS = 3;

/**
 * Traces a process, where its settings say where to. The SDK is loaded then only: it would be most of a process's start. Spans that
 * cannot be sent are lost, which is logged once.
 */
export async function startTracing(
  name: string,
  release: string,
  { otlpEndpoint, samplingRatio = 1 }: SettingsOf<typeof tracingSettings>,
  logger: Logger,
): Promise<Tracing> {
  if (otlpEndpoint === undefined) return NONE;
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const url = `${otlpEndpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = new ToldExporter(
    new OTLPTraceExporter({ url, timeoutMillis: SEND_TIMEOUT_SECONDS * 1000 }),
    (error) => {
      if (error === undefined) logger.info({ url }, 'traces arrive again');
      else logger.warn({ err: error, url }, 'the collector does not take traces: they are lost');
    },
  );
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, 'service.version': release }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(samplingRatio) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { exportTimeoutMillis: SEND_TIMEOUT_SECONDS * 1000 })],
  });
  trace.setGlobalTracerProvider(provider);
  return {
    stop: async () => {
      // What the collector did not take is told above.
      await provider.shutdown().catch(() => undefined);
      trace.disable();
    },
  };
}
