import { LlmService, Monitoring, OperatorMonitoring, PlatformNamespace } from 'armature/constructs';
import { SCRAPE_INTERVAL_SECONDS } from 'armature/contract';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { alerts, watched } from './objectives.js';
import { team, translatorProps } from './team.js';
import { translator } from './translator.js';

/** The same as `Observability` watches, for a cluster that has the Prometheus operator: monitors and rules as objects. */
export class OperatorForm extends Chart {
  constructor(scope: Construct) {
    super(scope, 'operator-monitoring');
    const platform = new PlatformNamespace(this, 'namespace', team);
    new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 2 });
    new OperatorMonitoring(this, 'monitoring', {
      ...watched,
      platform,
      choice: Monitoring.operator({
        labels: { release: 'kube-prometheus-stack' },
        url: 'http://prometheus-operated.monitoring.svc:9090',
        namespace: 'monitoring',
        serviceAccount: 'prometheus',
        // The mesh has a proxy at each process, which answers to its own certificates alone.
        meshCertificates: '/etc/prom-certs',
      }),
      alerts,
      withService: [translator],
      intervalSeconds: SCRAPE_INTERVAL_SECONDS,
    });
  }
}
