import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { EnvironmentClass } from '../stacks/index.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { Frankfurt } from './your-own-environment.js';
import { DevWithMailSorter } from './your-own-service.js';

function synthesise(Environment: EnvironmentClass): readonly Manifest[] {
  const stack = new Environment(new App({ outdir: '.' }));
  return stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson());
}

function fileOf(manifests: readonly Manifest[], configMap: string, file: string): string {
  return String(Reflect.get(find(manifests, 'ConfigMap', configMap).data as object, file));
}

describe('your own environment', () => {
  const manifests = synthesise(Frankfurt);

  test('is production with what it says otherwise', () => {
    const hpa = (name: string) => at(find(manifests, 'HorizontalPodAutoscaler', name), 'spec');
    expect(hpa('rag')).toMatchObject({ minReplicas: 8, maxReplicas: 30 });
    expect(hpa('agent')).toMatchObject({ minReplicas: 2, maxReplicas: 6 });
    expect(at(hpa('chat'), 'metrics.2.pods.target.averageValue')).toBe('800m');
    expect(find(manifests, 'ConfigMap', 'rag-settings')).toMatchObject({ data: { S3_REGION: 'eu-central-2' } });
    expect(at(find(manifests, 'Gateway'), 'spec.servers.0.hosts')).toEqual(['llm.example.de']);
  });

  test('stands in the README as it stands here', async () => {
    const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
    const [example, readme] = await Promise.all([read('./your-own-environment.ts'), read('../README.md')]);
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  });
});

describe('your own service', () => {
  const manifests = synthesise(DevWithMailSorter);

  test('runs with the settings that its contract names', () => {
    expect(find(manifests, 'ConfigMap', 'mail-sorter-settings')).toMatchObject({
      data: { RABBITMQ_URL: 'amqp://armature@rabbitmq:5672', RELEASE_VERSION: 'v1' },
    });
  });

  test('has its queue, with its retries, in the broker', () => {
    const { queues } = JSON.parse(fileOf(manifests, 'rabbitmq-configuration', 'topology.json'));
    const names = queues.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['mails.inbox', 'mails.retry.30s', 'mails.retry.300s', 'mails.dead', 'tasks.high']),
    );
  });

  test('scales on its own metric, which is recorded and served', () => {
    expect(at(find(manifests, 'HorizontalPodAutoscaler', 'mail-sorter'), 'spec.metrics.2')).toEqual({
      type: 'External',
      external: { metric: { name: 'mails_waiting' }, target: { type: 'AverageValue', averageValue: '20' } },
    });
    expect(fileOf(manifests, 'prometheus-configuration', 'rules.yaml')).toContain('record: cluster:mails_waiting');
    expect(fileOf(manifests, 'prometheus-adapter-configuration', 'config.yaml')).toContain('as: mails_waiting');
  });

  test('is scraped, and reaches its queue and nothing else', () => {
    expect(fileOf(manifests, 'prometheus-configuration', 'prometheus.yaml')).toContain('job_name: mail-sorter');
    expect(at(find(manifests, 'NetworkPolicy', 'mail-sorter'), 'spec.egress')).toMatchObject([
      { to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'rabbitmq' } } }], ports: [{ port: 5672 }] },
    ]);
  });
});
