import { describe, expect, test } from '@jest/globals';
import { JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../test/support/cluster.js';
import { translatorProps } from '../test/support/own-contract.js';
import { LlmService, LostPatchError, patch } from './index.js';

describe('the escape hatch', () => {
  test('changes a field of the manifest', () => {
    const chart = emptyChart();
    const { service } = new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform() });

    patch(service, JsonPatch.add('/spec/internalTrafficPolicy', 'Local'));

    expect(at(find(manifestsIn(chart), 'Service'), 'spec.internalTrafficPolicy')).toBe('Local');
  });

  test('throws when cdk8s-plus drops the field, and says where and what to do', () => {
    const service = new k8s.KubeService(emptyChart(), 'service', { metadata: { name: 'plain' }, spec: {} });
    const lost = () => patch(service, JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));

    expect(lost).toThrow(LostPatchError);
    expect(lost).toThrow(/\/spec\/trafficDistribution.*Service "plain".*Fix/);
  });

  test('writes a field that is newer than cdk8s-plus into a Deployment', () => {
    const chart = emptyChart();
    const { deployment } = new LlmService(chart, 'translator', { ...translatorProps, platform: testPlatform() });

    patch(deployment, JsonPatch.add('/spec/template/spec/resources', { limits: { cpu: '3' } }));

    expect(at(find(manifestsIn(chart), 'Deployment'), 'spec.template.spec.resources')).toEqual({
      limits: { cpu: '3' },
    });
  });
});
