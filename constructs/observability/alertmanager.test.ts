import { describe, expect, test } from '@jest/globals';
import { load as parse } from 'js-yaml';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image, resources } from '../../test/support/own-contract.js';
import { internet, podsOf } from '../connection.js';
import { Alertmanager, alertmanagerChoice } from './alertmanager.js';

const spec = { name: 'herald', port: 7400, metricsPort: 7400, metricsPath: '/metrics', metrics: [] };
const key = (name: string) => ({ secret: 'pagers', key: name });
const choice = Alertmanager.inCluster({
  storage: '1Gi',
  resources,
  receivers: { critical: { url: key('critical'), token: key('token') }, warning: { url: key('warning') } },
});

function build(own: Partial<typeof choice> = {}) {
  const chart = emptyChart();
  const platform = testPlatform();
  const alertmanager = new Alertmanager(chart, 'herald', { platform, spec, image, choice: { ...choice, ...own } });
  return { alertmanager, manifests: manifestsIn(chart) };
}

describe('Alertmanager', () => {
  const { alertmanager, manifests } = build();
  const files = find(manifests, 'ConfigMap', 'herald-configuration').data as Record<string, string>;
  const config = parse(files['alertmanager.yaml'] ?? '');
  const pod = at(find(manifests, 'StatefulSet', 'herald'), 'spec.template.spec');

  test('tells critical alerts sooner and again sooner than warnings', () => {
    expect(at(config, 'route')).toMatchObject({
      receiver: 'warning',
      repeat_interval: '12h',
      routes: [{ receiver: 'critical', matchers: ['severity="critical"'], repeat_interval: '1h' }],
    });
  });

  test('says nothing of a warning while the same alert about the same thing is critical', () => {
    expect(at(config, 'inhibit_rules')).toEqual([
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ['namespace', 'alertname', 'job', 'slo'],
      },
    ]);
  });

  test('routes to no receiver that is not there', () => {
    const receivers = at(config, 'receivers') as { name: string }[];
    const routes = [at(config, 'route'), ...(at(config, 'route.routes') as object[])];
    expect(receivers.map(({ name }) => name)).toEqual(expect.arrayContaining(routes.map((one) => at(one, 'receiver'))));
  });

  test('reads addresses and tokens from mounted files, and has them nowhere else', () => {
    expect(at(config, 'receivers')).toEqual([
      {
        name: 'critical',
        webhook_configs: [
          {
            url_file: '/var/run/secrets/armature/pagers/critical',
            send_resolved: true,
            http_config: {
              authorization: { type: 'Bearer', credentials_file: '/var/run/secrets/armature/pagers/token' },
            },
          },
        ],
      },
      {
        name: 'warning',
        webhook_configs: [{ url_file: '/var/run/secrets/armature/pagers/warning', send_resolved: true }],
      },
    ]);
    expect(at(pod, 'volumes')).toContainEqual(
      expect.objectContaining({
        secret: expect.objectContaining({
          secretName: 'pagers',
          items: ['critical', 'token', 'warning'].map((name) => ({ key: name, path: name })),
        }),
      }),
    );
  });

  test('may call its receivers over TLS: any public address, or the given ones', () => {
    expect(alertmanager.connections).toEqual([{ from: podsOf(spec), to: internet(), port: 443 }]);
    expect(build({ cidrs: ['10.1.0.0/16'] }).alertmanager.connections).toMatchObject([
      { to: { kind: 'addresses', cidrs: ['10.1.0.0/16'] } },
    ]);
  });

  test('is scraped, starts again when its configuration changes, and has a disruption budget', () => {
    expect(alertmanager.scrapeTarget).toMatchObject({ name: 'herald', port: 7400, path: '/metrics' });
    const checksum = (own: Parameters<typeof build>[0]) =>
      at(find(build(own).manifests, 'StatefulSet'), 'spec.template.metadata.annotations.checksum/configuration');
    expect(checksum({})).not.toBe(checksum({ receivers: { ...choice.receivers, warning: { url: key('other') } } }));
    expect(find(manifests, 'PodDisruptionBudget', 'herald')).toBeDefined();
  });

  test('is left out with a reason only', () => {
    expect(alertmanagerChoice.safeParse(Alertmanager.none('nobody is on call')).success).toBe(true);
    expect(alertmanagerChoice.safeParse(Alertmanager.none('')).error?.issues[0]?.message).toBe(
      'must say why nobody is told of alerts',
    );
  });
});
