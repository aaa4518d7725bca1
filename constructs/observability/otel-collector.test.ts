import { describe, expect, test } from '@jest/globals';
import { load as parse } from 'js-yaml';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image, resources, translator } from '../../test/support/own-contract.js';
import { addresses, internet, podsOf } from '../connection.js';
import { OtelCollector } from './otel-collector.js';
import { type CollectorChoice, Tracing, tracingChoice } from './tracing-choice.js';

const spec = { name: 'tracer', port: 7600, metricsPort: 7601, metricsPath: '/metrics', metrics: [] };
const choice = Tracing.collector({ endpoint: 'https://otlp.test', samplingRatio: 0.5, resources });

function build(own: Partial<CollectorChoice> = {}) {
  const chart = emptyChart();
  const collector = new OtelCollector(chart, 'tracer', {
    platform: testPlatform(),
    spec,
    healthPort: 7602,
    choice: { ...choice, ...own },
    image,
    sources: [translator],
  });
  const manifests = manifestsIn(chart);
  const files = find(manifests, 'ConfigMap', 'tracer-configuration').data as Record<string, string>;
  return { collector, manifests, config: parse(files['collector.yaml'] ?? ''), text: files['collector.yaml'] };
}

describe('the OpenTelemetry collector', () => {
  const { collector, manifests, config } = build();
  const pod = at(find(manifests, 'Deployment', 'tracer'), 'spec.template.spec');

  test('takes OTLP over HTTP on the port of its contract, and sends it on to the back end', () => {
    expect(at(config, 'receivers')).toEqual({ otlp: { protocols: { http: { endpoint: '0.0.0.0:7600' } } } });
    expect(at(config, 'exporters')).toEqual({ otlphttp: { endpoint: 'https://otlp.test' } });
    expect(at(config, 'service.pipelines')).toEqual({
      traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['otlphttp'] },
    });
    expect(find(manifests, 'Service', 'tracer')).toMatchObject({
      spec: { ports: [{ name: 'http', port: 7600, targetPort: 'http' }] },
    });
  });

  test('turns spans away before its memory is full', () => {
    expect(at(config, 'processors.memory_limiter')).toMatchObject({ check_interval: '1s', limit_percentage: 80 });
  });

  test('names no extension, processor or exporter that is not there', () => {
    expect(at(config, 'service.extensions')).toEqual(Object.keys(at(config, 'extensions') as object));
    expect(Object.keys(at(config, 'processors') as object)).toEqual(at(config, 'service.pipelines.traces.processors'));
  });

  test('shows the back end the token that it asks for, from a file', () => {
    const { manifests, config, text } = build({ token: { secret: 'backend', key: 'token' } });
    expect(at(config, 'exporters.otlphttp.auth.authenticator')).toBe('bearertokenauth/backend');
    expect(at(config, 'extensions.bearertokenauth/backend')).toEqual({
      filename: '/var/run/secrets/armature/backend/token',
    });
    expect(at(config, 'service.extensions')).toContain('bearertokenauth/backend');
    expect(at(find(manifests, 'Deployment'), 'spec.template.spec.containers.0.volumeMounts')).toContainEqual(
      expect.objectContaining({ mountPath: '/var/run/secrets/armature/backend' }),
    );
    expect(text).not.toContain('Bearer');
  });

  test('is reached by the processes alone, and reaches the back end alone', () => {
    expect(collector.connections).toEqual([
      { from: podsOf(translator), to: podsOf(spec), port: 7600 },
      { from: podsOf(spec), to: internet(), port: 443 },
    ]);
    const inside = build({ endpoint: 'https://otlp.test:4443', cidrs: ['10.9.0.0/16'] }).collector;
    expect(inside.connections[1]).toEqual({ from: podsOf(spec), to: addresses(['10.9.0.0/16']), port: 4443 });
  });

  test('shows its own metrics and its health on ports that it opens', () => {
    expect(at(config, 'service.telemetry.metrics.readers.0.pull.exporter.prometheus')).toMatchObject({
      port: 7601,
      without_type_suffix: false,
    });
    expect(at(config, 'extensions.health_check.endpoint')).toBe('0.0.0.0:7602');
    expect(at(pod, 'containers.0.ports')).toMatchObject([
      { name: 'http', containerPort: 7600 },
      { name: 'health', containerPort: 7602 },
      { name: 'metrics', containerPort: 7601 },
    ]);
    expect(collector.scrapeTarget).toMatchObject({ name: 'tracer', port: 7601, path: '/metrics' });
  });

  test('starts again when its configuration changes, one pod at a time', () => {
    const checksum = (own: Partial<CollectorChoice>) =>
      at(find(build(own).manifests, 'Deployment'), 'spec.template.metadata.annotations.checksum/configuration');
    expect(checksum({})).not.toBe(checksum({ endpoint: 'https://other.test' }));
    expect(at(find(manifests, 'Deployment'), 'spec.strategy.rollingUpdate.maxUnavailable')).toBe(0);
    expect(find(manifests, 'PodDisruptionBudget', 'tracer')).toBeDefined();
  });

  test.each([
    [{ ...choice, endpoint: 'http://otlp.test' }, 'must be an https:// address, such as https://otlp.example.com'],
    [{ ...choice, samplingRatio: 0 }, 'must be above 0; for no traces use Tracing.none(why)'],
    [{ ...choice, samplingRatio: 10 }, 'must be at most 1: a share of the requests, not percent'],
    [Tracing.none(''), 'must say why nothing is traced'],
  ])('%j is refused', (bad, allowed) => {
    expect(tracingChoice.safeParse(bad).error?.issues[0]?.message).toBe(allowed);
  });
});
