import { LlmService, OtelCollector, PlatformNamespace, secretKey, Tracing } from 'armature/constructs';
import { otelCollector, ports, serviceUrl } from 'armature/contract';
import { thirdPartyImages as images } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { resources, team, translatorProps } from './team.js';
import { translator } from './translator.js';

/** A service that tells of its requests, and a collector that sends a tenth of that on. */
export class Traces extends Chart {
  constructor(scope: Construct) {
    super(scope, 'tracing');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const choice = Tracing.collector({
      endpoint: 'https://otlp.example.com',
      token: secretKey('tracing', 'token'),
      samplingRatio: 0.1,
      resources,
    });
    new OtelCollector(this, 'otel-collector', {
      platform,
      spec: otelCollector,
      healthPort: ports.otelCollectorHealth,
      choice,
      image: images.otelCollector,
      sources: [translator],
    });
    new LlmService(this, 'translator', {
      ...translatorProps,
      platform,
      settings: {
        ...translatorProps.settings,
        otlpEndpoint: serviceUrl(otelCollector),
        tracesSampler: 'parentbased_traceidratio',
        samplingRatio: choice.samplingRatio,
      },
      replicas: 2,
    });
  }
}
