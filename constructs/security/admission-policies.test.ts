import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { translatorProps } from '../../test/support/own-contract.js';
import { LlmService } from '../workload/llm-service.js';
import { AdmissionPolicies } from './admission-policies.js';

function build(tokenAccounts: readonly string[] = ['prometheus', 'canary']) {
  const chart = emptyChart();
  new AdmissionPolicies(chart, 'admission', { platform: testPlatform(), tokenAccounts });
  return manifestsIn(chart);
}

const policyOf = (name: string, accounts?: readonly string[]) =>
  find(build(accounts), 'ValidatingAdmissionPolicy', `team-${name}`);
const expressionOf = (name: string, accounts?: readonly string[]) =>
  String(at(policyOf(name, accounts), 'spec.validations.0.expression'));
const NAMES = ['images', 'resources', 'tokens', 'services'];

describe('AdmissionPolicies', () => {
  test.each(NAMES)('%s is bound to the platform’s namespace alone, and denies', (name) => {
    expect(at(find(build(), 'ValidatingAdmissionPolicyBinding', `team-${name}`), 'spec')).toEqual({
      policyName: `team-${name}`,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'team' } } },
    });
  });

  test.each(NAMES)('%s fails closed, says the fix, and leaves alone what was there and does not change', (name) => {
    expect(policyOf(name)).toMatchObject({
      spec: {
        failurePolicy: 'Fail',
        matchConditions: [
          {
            name: 'spec-changed',
            expression: "request.operation == 'CREATE' || dyn(object).spec != dyn(oldObject).spec",
          },
        ],
        validations: [{ reason: 'Forbidden', message: expect.stringContaining('Fix: ') }],
      },
    });
  });

  test.each(NAMES)('%s closes every bracket and quote that it opens', (name) => {
    const { spec } = policyOf(name);
    const variables = (at(spec, 'variables') ?? []) as { expression: string }[];
    for (const expression of [expressionOf(name), ...variables.map((variable) => variable.expression)]) {
      const code = expression.replace(/'[^']*'/g, "''");
      expect(code.split("''").join('')).not.toContain("'");
      for (const pair of ['()', '[]'])
        expect(code.split(pair.charAt(0)).length).toBe(code.split(pair.charAt(1)).length);
    }
  });

  test('look at pods and at every template that makes them, at services where it is about services', () => {
    const resources = (name: string) =>
      (at(policyOf(name), 'spec.matchConstraints.resourceRules') as { resources: string[] }[]).flatMap(
        (rule) => rule.resources,
      );
    for (const name of ['images', 'resources', 'tokens']) {
      expect(resources(name)).toEqual([
        ...['pods', 'pods/ephemeralcontainers', 'deployments', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'],
      ]);
      expect(at(policyOf(name), 'spec.variables.0')).toEqual({
        name: 'podSpec',
        expression:
          'has(dyn(object).spec.jobTemplate) ? dyn(object).spec.jobTemplate.spec.template.spec : has(dyn(object).spec.template) ? dyn(object).spec.template.spec : dyn(object).spec',
      });
    }
    expect(resources('services')).toEqual(['services']);
  });

  test.each([
    ['registry.test/team/app:1.2.3', true],
    [`registry.test/team/app@sha256:${'ab'.repeat(32)}`, true],
    [`registry.test:5000/team/app:v1@sha256:${'ab'.repeat(32)}`, true],
    ['registry.test/team/app', false],
    ['registry.test:5000/app', false],
    ['registry.test/team/app:latest', false],
    [`registry.test/team/app:latest@sha256:${'ab'.repeat(32)}`, false],
    ['registry.test/team/app@sha256:short', false],
  ])('know that %s has a version: %p', (image, wanted) => {
    const [versioned, latest] = [...expressionOf('images').matchAll(/matches\('([^']+)'\)/g)].map(
      ([, pattern]) => new RegExp(pattern ?? ''),
    );
    expect(expressionOf('images')).toMatch(/c\.image\.matches\('.+'\) && !c\.image\.matches\('.+'\)/);
    expect(versioned?.test(image) === true && latest?.test(image) === false).toBe(wanted);
  });

  test('let the given service accounts mount a token, and with none of them no pod', () => {
    expect(expressionOf('tokens')).toContain("variables.podSpec.serviceAccountName in ['prometheus', 'canary']");
    expect(expressionOf('tokens', [])).toContain('serviceAccountName in []');
    expect(at(policyOf('tokens'), 'spec.validations.0.message')).toContain('(prometheus, canary)');
  });

  test('let a service out that says so, as one with a load balancer of its own does', () => {
    const chart = emptyChart();
    new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform(), loadBalancer: true });
    const service = find(manifestsIn(chart), 'Service');
    const annotation = /'([^']+)' in object\.metadata\.annotations/.exec(expressionOf('services'))?.[1] ?? '';
    expect(at(service, 'spec.type')).toBe('LoadBalancer');
    expect(Object.keys(service.metadata.annotations ?? {})).toContain(annotation);
  });
});
