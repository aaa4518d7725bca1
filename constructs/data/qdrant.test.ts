import { describe, expect, test } from '@jest/globals';
import { at, emptyChart, find, manifestsIn, testPlatform } from '../../test/support/cluster.js';
import { image, resources } from '../../test/support/own-contract.js';
import { Backups } from './backup/backup-choice.js';
import { Qdrant } from './qdrant.js';

const chart = emptyChart();
const qdrant = new Qdrant(chart, 'shelf', {
  platform: testPlatform(),
  spec: { name: 'shelf', port: 7300, metrics: [] },
  image,
  clientImage: image,
  nodePort: 7305,
  choice: Qdrant.inCluster({
    replicas: 3,
    storage: '2Gi',
    resources,
    backups: Backups.none('a test'),
    apiKey: { secret: 'store', key: 'api-key' },
    readOnlyApiKey: { secret: 'store', key: 'read-only' },
  }),
});
const manifests = manifestsIn(chart);
const pod = at(find(manifests, 'StatefulSet'), 'spec.template.spec');

describe('a Qdrant of three nodes', () => {
  const config = String(at(pod, 'initContainers.0.command.2'));
  const command = at(pod, 'containers.0.command') as string[];

  test('is one cluster: the first node begins it, the others are let in by it', () => {
    expect(config).toMatch(/cluster:\n {2}enabled: true\n {2}p2p:\n {4}port: 7305/);
    expect(command.slice(0, 2)).toEqual(['sh', '-c']);
    expect(command[2]).toContain('--bootstrap http://shelf-0.shelf-nodes.team.svc.cluster.local:7305');
    expect(command[2]).toContain('--uri "http://$POD_NAME.shelf-nodes.team.svc.cluster.local:7305"');
  });

  test('keeps every shard on two of them', () => {
    expect(config).toMatch(/storage:\n(?: .*\n)*? {2}collection:\n {4}replication_factor: 2/);
  });

  test('speaks among itself on a port that clients do not have', () => {
    expect(qdrant.peerPorts).toEqual([7305]);
    expect(at(find(manifests, 'Service', 'shelf'), 'spec.ports')).toMatchObject([{ port: 7300 }]);
    expect(at(find(manifests, 'Service', 'shelf-nodes'), 'spec.ports')).toMatchObject([{ port: 7300 }, { port: 7305 }]);
  });
});
