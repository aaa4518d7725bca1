import { describe, expect, test } from '@jest/globals';
import { load as parse } from 'js-yaml';
import { availability, serviceRate, slo } from '../../contract/vocabulary/index.js';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import {
  image,
  letters,
  mailbox,
  resources,
  translationP90,
  translations,
  translator,
} from '../../test/support/own-contract.js';
import { Mesh } from '../mesh/mesh.js';
import { targetDown } from './alert.js';
import { Prometheus, type PrometheusProps } from './prometheus.js';
import { PrometheusAdapter } from './prometheus-adapter.js';
import { serviceTarget, storeTarget } from './scrape-target.js';

const spec = { name: 'observer', port: 7300, metrics: [] };
const adapterSpec = { name: 'translator-of-metrics', port: 7301, metrics: [] };
const mailboxTarget = storeTarget(mailbox, { secret: 'mailbox', key: 'reader' });
const targets = [serviceTarget(translator), ...(mailboxTarget ? [mailboxTarget] : [])];
const german = slo({
  name: 'german',
  of: translator,
  indicator: availability(translations, { language: 'de' }),
  objective: 0.99,
  windowDays: 30,
});
const recorded = [
  { metric: translationP90, job: 'translator' },
  { metric: letters, job: 'mailbox' },
];

function build(own: Partial<PrometheusProps> = {}) {
  const chart = emptyChart();
  const platform = own.platform ?? testPlatform();
  const prometheus = new Prometheus(chart, 'prometheus', {
    platform,
    spec,
    image,
    size: { storage: '5Gi', retentionDays: 7, resources },
    targets,
    recorded,
    alerts: [targetDown({ namespace: 'team' })],
    intervalSeconds: 15,
    runbooks: 'https://wiki.test/runbooks',
    ...own,
  });
  const adapter = () => new PrometheusAdapter(chart, 'adapter', { platform, spec: adapterSpec, image, prometheus });
  const file = (name: string, key: string): unknown =>
    parse(String(Reflect.get(find(manifestsIn(chart), 'ConfigMap', `${name}-configuration`).data as object, key)));
  return { manifests: () => manifestsIn(chart), adapter, file };
}

describe('Prometheus', () => {
  test('scrapes each endpoint’s pods on the port and path of its contract', () => {
    const jobs = at(build().file('observer', 'prometheus.yaml'), 'scrape_configs');
    expect(jobs).toMatchObject([
      { job_name: 'translator', metrics_path: '/stats' },
      { job_name: 'mailbox', metrics_path: '/stats' },
    ]);
    expect(at(jobs, '0.relabel_configs.0')).toEqual({
      action: 'keep',
      source_labels: ['__meta_kubernetes_pod_container_port_number'],
      regex: '7000',
    });
    expect(at(jobs, '0.kubernetes_sd_configs')).toEqual([
      {
        role: 'pod',
        namespaces: { names: ['team'] },
        selectors: [{ role: 'pod', label: 'app.kubernetes.io/name=translator,app.kubernetes.io/instance=team' }],
      },
    ]);
  });

  test('puts on every series where it comes from, and of which release', () => {
    const relabel = at(build().file('observer', 'prometheus.yaml'), 'scrape_configs.0.relabel_configs') as {
      target_label?: string;
    }[];
    expect(relabel.flatMap(({ target_label }) => target_label ?? [])).toEqual(['namespace', 'pod', 'version']);
  });

  test('shows an exporter the token that it asks for, from a file', () => {
    const { file, manifests } = build();
    expect(at(file('observer', 'prometheus.yaml'), 'scrape_configs.1.authorization')).toEqual({
      type: 'Bearer',
      credentials_file: '/var/run/secrets/armature/mailbox/reader',
    });
    expect(at(find(manifests(), 'StatefulSet'), 'spec.template.spec.containers.0.volumeMounts')).toContainEqual(
      expect.objectContaining({ mountPath: '/var/run/secrets/armature/mailbox' }),
    );
  });

  test('shows members of the mesh its certificate, and stores none', () => {
    const jobs = at(
      build({ platform: testPlatform({ mesh: Mesh.sidecar({ cni: true }) }) }).file('observer', 'prometheus.yaml'),
      'scrape_configs',
    );
    expect(at(jobs, '0')).toMatchObject({
      scheme: 'https',
      tls_config: { cert_file: '/etc/istio-certs/cert-chain.pem' },
    });
    expect(at(jobs, '1.scheme')).toBeUndefined();
    expect(at(build().file('observer', 'prometheus.yaml'), 'scrape_configs.0.scheme')).toBeUndefined();
  });

  test('sends alerts to Alertmanager where there is one', () => {
    const alerting = { alertmanagers: [{ static_configs: [{ targets: ['herald:7400'] }] }] };
    const told = build({ alertmanager: { name: 'herald', port: 7400 } });
    expect(at(told.file('observer', 'prometheus.yaml'), 'alerting')).toEqual(alerting);
    expect(at(build().file('observer', 'prometheus.yaml'), 'alerting')).toBeUndefined();
  });

  test('keeps every scaling metric as a series, by the metric’s own expression', () => {
    expect(at(build().file('observer', 'rules.yaml'), 'groups.0.rules')).toEqual([
      {
        record: 'pod:translation_seconds_p90',
        expr: translationP90.expression({ namespace: 'team', job: 'translator' }),
        labels: { job: 'translator' },
      },
      {
        record: 'cluster:letters_waiting',
        expr: letters.expression({ namespace: 'team', job: 'mailbox' }),
        labels: { job: 'mailbox' },
      },
    ]);
  });

  test('keeps beside a metric what stands for it while it is lost, a minute after it was last seen', () => {
    const substitutes = [{ answer: 'ceiling', value: 20 }] as const;
    const perService = serviceRate(translations, translator, 60);
    const { file } = build({
      recorded: [
        { metric: translationP90, job: 'translator', substitutes },
        { metric: perService, job: 'translator', substitutes },
      ],
    });
    const own = 'pod:translation_seconds_p90{namespace="team",job="translator"}';
    const ofService = 'service:translations_per_second{namespace="team",job="translator",service="translator"}';
    expect(at(file('observer', 'rules.yaml'), 'groups.0.rules')).toMatchObject([
      { record: 'pod:translation_seconds_p90' },
      {
        record: 'pod:translation_seconds_p90:or_ceiling',
        expr: `${own} or (0 * max by (namespace, pod) (up{namespace="team",job="translator"}) + 20 unless on () last_over_time(${own}[60s]))`,
        labels: { job: 'translator' },
      },
      { record: 'service:translations_per_second', labels: { job: 'translator', service: 'translator' } },
      {
        record: 'service:translations_per_second:or_ceiling',
        expr: `${ofService} or (vector(20) unless on () last_over_time(${ofService}[60s]))`,
        labels: { namespace: 'team', job: 'translator', service: 'translator' },
      },
    ]);
  });

  test('reads one that vouches for itself over TLS', () => {
    const { file } = build({ targets: [{ ...serviceTarget(translator), selfSigned: true }], recorded: [] });
    expect(at(file('observer', 'prometheus.yaml'), 'scrape_configs.0')).toMatchObject({
      scheme: 'https',
      tls_config: { insecure_skip_verify: true },
    });
  });

  test('refuses a scaling metric of somebody who is not scraped', () => {
    expect(() => build({ targets: [serviceTarget(translator)] })).toThrow(
      /"letters_waiting" needs mailbox_letters of mailbox, which no target exposes \(targets: translator\)/,
    );
  });

  test('refuses an objective of a service that is not scraped', () => {
    expect(() => build({ slos: [german], targets: [], recorded: [] })).toThrow(
      /"german" needs translations_total of translator, which no target exposes/,
    );
  });

  test('refuses to forget what the alerts of an objective still look at', () => {
    expect(() => build({ slos: [german], size: { storage: '5Gi', retentionDays: 2, resources } })).toThrow(
      /retentionDays is 2, and the alerts of german look 3 days back: keep 3 days or more/,
    );
  });

  test('may read the pods of its namespace and nothing else', () => {
    const manifests = build().manifests();
    expect(at(find(manifests, 'Role'), 'rules')).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(manifests.map(({ kind }) => kind)).not.toContain('ClusterRole');
  });
});

describe('PrometheusAdapter', () => {
  const { adapter, manifests, file } = build();
  adapter();
  const config = file('translator-of-metrics', 'config.yaml');

  test('serves a pod’s own number in the custom metrics API, under the name that the autoscaler asks for', () => {
    expect(at(config, 'rules')).toEqual([
      {
        seriesQuery: '{__name__="pod:translation_seconds_p90",namespace!="",pod!=""}',
        resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
        name: { matches: '^pod:translation_seconds_p90$', as: 'translation_seconds_p90' },
        metricsQuery: 'max by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})',
      },
    ]);
  });

  test('serves a shared number in the external metrics API', () => {
    expect(at(config, 'externalRules')).toMatchObject([
      { name: { as: 'letters_waiting' }, resources: { overrides: { namespace: { resource: 'namespace' } } } },
    ]);
  });

  test('serves an object’s number, and what stands for a lost one, in the custom metrics API', () => {
    const own = build({
      recorded: [
        {
          metric: serviceRate(translations, translator, 60),
          job: 'translator',
          substitutes: [{ answer: 'floor', value: 0 }],
        },
      ],
    });
    own.adapter();
    expect(at(own.file('translator-of-metrics', 'config.yaml'), 'rules')).toMatchObject([
      {
        seriesQuery: '{__name__="service:translations_per_second",namespace!="",service!=""}',
        resources: { overrides: { namespace: { resource: 'namespace' }, service: { resource: 'service' } } },
        name: { as: 'translations_per_second' },
      },
      {
        seriesQuery: '{__name__="service:translations_per_second:or_floor",namespace!="",service!=""}',
        name: { as: 'translations_per_second_or_floor' },
      },
    ]);
  });

  test('registers both APIs, each by a certificate that the API server can check', () => {
    for (const group of ['custom.metrics.k8s.io', 'external.metrics.k8s.io']) {
      const registration = find(manifests(), 'APIService', `v1beta1.${group}`);
      expect(registration).toMatchObject({
        metadata: { annotations: { 'cert-manager.io/inject-ca-from': 'team/translator-of-metrics' } },
        spec: { group, version: 'v1beta1', service: { name: 'translator-of-metrics', namespace: 'team', port: 443 } },
      });
      expect(at(registration, 'spec.insecureSkipTLSVerify')).toBeUndefined();
    }
    expect(find(manifests(), 'Certificate')).toMatchObject({
      spec: {
        secretName: 'translator-of-metrics-tls',
        dnsNames: expect.arrayContaining(['translator-of-metrics.team.svc']),
      },
    });
  });

  test('registers no API that it has no metric for', () => {
    const podOnly = build({ recorded: recorded.slice(0, 1) });
    podOnly.adapter();
    const names = podOnly
      .manifests()
      .filter(({ kind }) => kind === 'APIService')
      .map(({ metadata }) => metadata.name);
    expect(names).toEqual(['v1beta1.custom.metrics.k8s.io']);
  });

  test('asks the API server who calls it', () => {
    expect(find(manifests(), 'ClusterRoleBinding')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects: [{ kind: 'ServiceAccount', name: 'translator-of-metrics', namespace: 'team' }],
    });
    const delegation = manifests().filter(
      ({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === 'kube-system',
    );
    expect(delegation).toMatchObject([{ roleRef: { name: 'extension-apiserver-authentication-reader' } }]);
  });
});
