import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import {
  ADAPTER,
  alertFile,
  badChanges,
  budget,
  type Change,
  CONTAINER,
  HPA,
  POD,
  ROUTES,
  SPEC,
  UNLIMITED,
} from './bad-changes.fixture.js';
import { badForms } from './bad-forms.fixture.js';
import { badObjects } from './bad-objects.fixture.js';
import { checkManifests } from './check-manifests.js';
import { type Fields, isMapping, mapAt } from './field.js';
import { goodManifests } from './good-manifests.fixture.js';
import { kubeObject, type Manifest } from './kube-object.js';
import { rules } from './rules.js';

const BAD = [...badChanges, ...badForms];

describe('checkManifests', () => {
  test('has nothing against good manifests', () => {
    expect(checkManifests(goodManifests())).toEqual([]);
  });

  test.each(BAD)('finds %s: %j', (rule, change, says, object = change[0]) => {
    const found = checkManifests(changed(change)).filter((finding) => finding.rule === rule);
    expect(found.map((finding) => finding.object)).toEqual([object]);
    expect(found[0]?.message).toContain(says);
    expect(found[0]?.fix).toMatch(/\w{3}/);
    expect(found[0]).toMatchObject({ file: 'good.yaml', severity: rules.find(({ id }) => id === rule)?.severity });
  });

  test.each(badObjects)('finds %s of the object %s', (rule, text, says) => {
    const value = load(text) as Fields;
    const found = checkManifests([...goodManifests(), { value }]).filter((finding) => finding.rule === rule);
    expect(found).toMatchObject([{ object: kubeObject({ value }).title, message: expect.stringContaining(says) }]);
  });

  test('finds a claim of one node that several pods share', () => {
    const claim = { claimName: 'shop' };
    const value = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'shop', namespace: 'team' } };
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const shared = [...changed([POD, `${SPEC}/volumes/0/persistentVolumeClaim`, claim]), { value: { ...value, spec } }];
    expect(checkManifests(shared)).toMatchObject([{ rule: 'shared-claim', object: POD }]);
  });

  test('finds a split between two workloads that run the same, and none once they differ', () => {
    const subset = (version: string) => ({ name: version, labels: { version } });
    const split = ['v1', 'v2'].map((version) => ({ destination: { host: 'shop', subset: version }, weight: 50 }));
    const shop = changed([ROUTES, 'spec/http/0/route', split]).map(({ value }) =>
      value.kind === 'DestinationRule'
        ? { value: { ...value, spec: { host: 'shop', subsets: ['v1', 'v2'].map(subset) } } }
        : { value },
    );
    const second = (path: string, to: unknown) => {
      const [copy] = changed([POD, path, to]).filter(({ value }) => value.kind === 'Deployment');
      const template = { ...mapAt(copy?.value, 'spec.template'), metadata: { labels: { app: 'shop', version: 'v2' } } };
      const metadata = { name: 'shop-v2', namespace: 'team' };
      return { value: { ...copy?.value, metadata, spec: { ...mapAt(copy?.value, 'spec'), template } } };
    };
    const found = (path: string, to: unknown) =>
      checkManifests([...shop, second(path, to)]).filter(({ rule }) => rule === 'same-release');
    expect(found(`${CONTAINER}/image`, 'example.com/shop:1.2.3')).toMatchObject([
      { object: ROUTES, message: expect.stringContaining('Deployment/team/shop and Deployment/team/shop-v2') },
    ]);
    expect(found(`${CONTAINER}/image`, 'example.com/shop:1.2.4')).toEqual([]);
    expect(found(`${SPEC}/volumes`, [{ name: 'data', configMap: { name: 'new' } }])).toEqual([]);
  });

  test('takes two DestinationRules that say different things for one', () => {
    const more = { name: 'more', namespace: 'team' };
    const spec = { host: 'shop', trafficPolicy: { outlierDetection: {} } };
    const value = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: more, spec };
    expect(checkManifests([...goodManifests(), { value }])).toEqual([]);
  });

  test('guesses no namespace for who states none', () => {
    const value = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'alone' },
      spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
    };
    const found = checkManifests([{ value }]).filter(({ rule }) => rule === 'dangling-service');
    expect(found).toMatchObject([{ message: 'no pod of the namespace that it is applied to has the labels app=x.' }]);
  });

  test('finds a second autoscaler on one workload, whichever kind it is', () => {
    const keda = {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'more', namespace: 'team' },
      spec: {
        scaleTargetRef: { name: 'shop' },
        triggers: [{ type: 'cpu' }],
        minReplicaCount: 2,
        advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: {}, scaleDown: {} } } },
      },
    };
    const [finding, ...others] = checkManifests([...goodManifests(), { value: keda }]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'two-autoscalers', object: 'ScaledObject/team/more' });
    expect(finding?.message).toContain(HPA);
  });

  test('finds certificate-host where the Certificate of an entrance is for another', () => {
    const value = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'shop', namespace: 'team' },
      spec: { secretName: 'shop', dnsNames: ['shops.example.com', '*.example.org'] },
    };
    const [finding, ...others] = checkManifests([...goodManifests(), { value }]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'certificate-host', object: 'Gateway/team/public' });
    expect(finding?.message).toContain('serves shop.example.com with the Secret "shop"');
  });

  test.each([
    ['two-disruption-budgets', 'PodDisruptionBudget/team/shop', 'PodDisruptionBudget/team/twin'],
    ['conflicting-hosts', 'VirtualService/team/inside', 'shop at mesh'],
    ['conflicting-entrances', 'Gateway/team/public', 'shop.example.com port 443'],
    ['conflicting-entrances', 'Ingress/team/shop', 'shop.example.com/'],
  ])('finds %s where there are two of %s', (rule, title, says) => {
    const value = goodManifests().find((one) => kubeObject(one).title === title)?.value;
    const twin = { ...value, metadata: { name: 'twin', namespace: 'team' } };
    const found = checkManifests([...goodManifests(), { value: twin }]).filter((finding) => finding.rule === rule);
    const named = rule === 'two-disruption-budgets' ? POD : `${value?.kind}/team/twin`;
    expect(found).toMatchObject([{ object: named }]);
    expect(found[0]?.message).toContain(says);
  });

  test('merges routes for one host at a gateway, as Istio does, unless both take everything', () => {
    const value = goodManifests().find((one) => kubeObject(one).title === ROUTES)?.value;
    const twin = { ...value, metadata: { name: 'twin', namespace: 'team' } };
    expect(checkManifests([...goodManifests(), { value: twin }])).toEqual([]);
  });

  test('has a bad case for every rule', () => {
    // What is wrong with a ScaledObject is shown in its own test.
    const keda = rules.map(({ id }) => id).filter((id) => id.startsWith('keda-'));
    const shown = new Set([
      ...BAD.map(([rule]) => rule),
      ...badObjects.map(([rule]) => rule),
      'shared-claim',
      'same-release',
      ...['two-autoscalers', 'conflicting-hosts', 'conflicting-entrances', 'certificate-host', ...keda],
      'two-disruption-budgets',
    ]);
    expect([...shown].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  test('finds a budget that needs every replica that a workload without an autoscaler has', () => {
    const alone = changed([POD, 'spec/replicas', 1]).filter(({ value }) => value.kind !== 'HorizontalPodAutoscaler');
    expect(checkManifests(alone)).toMatchObject([
      { rule: 'pdb-zero-disruptions', message: 'minAvailable is 1, of 1 replicas.' },
    ]);
  });

  test('takes a Secret to be made elsewhere where the manifests hold none', () => {
    const without = goodManifests().filter(({ value }) => value.kind !== 'Secret');
    expect(checkManifests(without)).toEqual([]);
  });

  test('does not miss what an optional reference names', () => {
    const reference = { configMapRef: { name: 'gone', optional: true } };
    expect(checkManifests(changed([POD, `${CONTAINER}/envFrom/0`, reference]))).toEqual([]);
  });

  test.each<Change>([
    [POD, `${CONTAINER}/command`, ['sh', '-c', 'exec shop --threads=$(nproc) --host=$(hostname)']],
    [POD, `${CONTAINER}/args`, ['--api=$(KUBERNETES_SERVICE_HOST):$(STORE_SERVICE_PORT)']],
  ])('takes what a shell or Kubernetes fills in for no variable that is missing: %j', (...change) => {
    expect(checkManifests(changed(change))).toEqual([]);
  });

  test.each<Change>([
    [POD, 'spec/revisionHistoryLimit', null],
    [HPA, 'spec/minReplicas', null],
    [POD, `${CONTAINER}/env`, [{ name: 'A', value: null }]],
    [POD, `${CONTAINER}/resources/limits/ephemeral-storage`, '.5Gi'],
    [POD, `${CONTAINER}/resources/limits/ephemeral-storage`, '5.'],
    [POD, `${CONTAINER}/resources/limits/ephemeral-storage`, '1E'],
    [POD, `${CONTAINER}/resources/limits/ephemeral-storage`, '1Ei'],
    [POD, `${CONTAINER}/resources/limits/ephemeral-storage`, null],
    [POD, `${CONTAINER}/readinessProbe/timeoutSeconds`, null],
    [POD, `${CONTAINER}/volumeMounts/0/mountPath`, 'C:\\data'],
    ['Service/team/shop', 'spec/ports/0/name', ''],
    ['Namespace/team', 'metadata/annotations', { note: null }],
    [POD, `${SPEC}/terminationGracePeriodSeconds`, 86_400],
  ])('has nothing against the value of %s %s: %j', (...change) => {
    expect(checkManifests(changed(change)).filter(({ rule }) => rule === 'invalid-value')).toEqual([]);
  });

  test.each<Change>([
    ['Role/team/shop', 'rules/1', { nonResourceURLs: ['/jobs'], verbs: ['get', 'post'] }],
    ['Role/team/shop', 'rules/1', { apiGroups: ['policy'], resources: ['podsecuritypolicies'], verbs: ['use'] }],
    [ADAPTER, 'data/rules.yaml', alertFile("for: '0', labels: {severity: info}")],
    [ADAPTER, 'data/rules.yaml', alertFile('for: 1y2w, labels: {severity: info}')],
    [ADAPTER, 'data/entrypoint.sh', 'cat <<EOF >rules.yaml\ngroups:\n  $(cat rules)\n  - [\nEOF\n'],
    [ADAPTER, 'data/rules.tpl', 'groups:\n{{ range .Rules }}\n  - {{ . }}\n{{ end }}'],
    [POD, `${SPEC}/topologySpreadConstraints/0/topologyKey`, 'failure-domain.beta.kubernetes.io/zone'],
    [POD, `${SPEC}/topologySpreadConstraints/0/topologyKey`, 'kubernetes.io/arch'],
    [ROUTES, 'spec/http/0', UNLIMITED],
    ['PodDisruptionBudget/team/shop', 'spec', budget({ minAvailable: null, maxUnavailable: 1 })],
    [POD, `${CONTAINER}/image`, '[fd00::1]:5000/shop:1.2.3'],
  ])('has nothing against %s with %s: %j', (...change) => {
    expect(checkManifests(changed(change))).toEqual([]);
  });

  test('never tells the secret that it found', () => {
    const [finding] = checkManifests(changed(['ConfigMap/team/shop', 'data/PASSWORD', 'correct horse']));
    expect(finding?.message).toContain('"corr…"');
    expect(finding?.message).not.toContain('horse');
  });

  test('survives objects whose fields are of the wrong type', () => {
    const wrong = goodManifests().flatMap(({ value }) =>
      ['text', 7, null, [], [null], {}].map((nonsense) => ({ value: { ...value, spec: nonsense, data: nonsense } })),
    );
    expect(() => checkManifests([...wrong, { value: {} }])).not.toThrow();
  });
});

/** The good manifests, with one change. */
function changed([title, pointer, value]: Change): readonly Manifest[] {
  const manifests = goodManifests();
  const target = manifests.find((one) => kubeObject(one).title === title);
  const path = pointer.split('/').map((key) => key.replace('~1', '/'));
  const last = path.pop() ?? '';
  const parent = path.reduce<unknown>((part, key) => (part as Fields)[key], target?.value);
  if (Array.isArray(parent) && Number(last) <= parent.length) parent[Number(last)] = value;
  else if (isMapping(parent)) Object.assign(parent, { [last]: value });
  else throw new Error(`${title} has no ${pointer}`);
  return manifests;
}
