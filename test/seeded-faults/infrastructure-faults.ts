import {
  addresses,
  Backups,
  CanaryRelease,
  type LlmService,
  Mesh,
  NetworkPolicies,
  PlatformNamespace,
  PublicIngress,
  podsOf,
  Redis,
  secretKey,
} from '../../constructs/index.js';
import { ports, redis } from '../../contract/index.js';
import { thirdPartyImages } from '../../stacks/index.js';
import { testPlatform } from '../support/cluster.js';
import { translator, translatorProps } from '../support/own-contract.js';
import { chart, platform, service } from './own-service.js';
import type { SynthFault } from './synth-fault.js';

function canaryRelease(stepPercents: readonly number[], canary?: LlmService, own: object = {}): CanaryRelease {
  const mesh = testPlatform({ mesh: Mesh.sidecar({ cni: true }) });
  const stable = service({ platform: mesh });
  const release = stable.addRelease({ ...translatorProps, version: 'v2' });
  const times = { timeoutMs: 1000, idleTimeoutSeconds: 60 };
  const props = {
    service: stable,
    canary: canary?.stable ?? release,
    policy: { stepPercents: [...stepPercents] },
    ...times,
    ...own,
  };
  return new CanaryRelease(chart(), 'canary', props);
}

function entrance(own: object): PublicIngress {
  const ingress = PublicIngress.gateway({ host: 'translate.example.com', clusterIssuer: 'ca' });
  const props = { platform, service: translator, paths: ['/translate'], timeoutMs: 38_000, idleTimeoutSeconds: 60 };
  return new PublicIngress(chart(), 'entrance', { ...props, ingress, ...own });
}

function store(own: Partial<Parameters<typeof Redis.inCluster>[0]>): Redis {
  const { resources } = translatorProps;
  const choice = Redis.inCluster({
    topology: { kind: 'standalone' },
    storage: '1Gi',
    resources,
    backups: Backups.none('a test'),
    password: secretKey('redis', 'password'),
    ...own,
  });
  const { redis: image, redisExporter: exporterImage } = thirdPartyImages;
  return new Redis(chart(), 'store', {
    platform,
    spec: redis,
    choice,
    image,
    exporterImage,
    sentinelPort: ports.redisSentinel,
  });
}

function pools(taints: Readonly<Record<string, string>>) {
  return { ...platform, nodePools: { ...platform.nodePools, compute: { labels: {}, taints } } };
}

/** What stands around the workloads: splits of traffic, the entrance, network policies, stores, the namespace. */
export const infrastructureFaults: readonly SynthFault[] = [
  {
    fault: 'A canary’s share above 100 %',
    build: () => canaryRelease([5, 120]),
    says: ['test/canary', '120', 'ascend to 100'],
  },
  {
    fault: 'A canary that is no release of the service',
    build: () => canaryRelease([5, 100], service()),
    says: ['test/canary', 'second release', 'Fix'],
  },
  {
    fault: 'A connection to pods that do not run here',
    build: () =>
      new NetworkPolicies(chart(), 'policies', {
        platform,
        endpoints: [translator],
        connections: [{ from: podsOf(translator), to: podsOf({ name: 'dictionary' }), port: translator.port }],
      }),
    says: ['test/policies', '"dictionary"', 'translator'],
  },
  {
    fault: 'A route’s timeout in seconds',
    build: () => canaryRelease([100], undefined, { timeoutMs: 38 }),
    says: ['test/canary', 'timeoutMs: 38', 'seconds'],
  },
  {
    fault: 'A header whose name is none',
    build: () => canaryRelease([100], undefined, { betaHeader: { name: 'x beta', value: 'yes' } }),
    says: ['test/canary', 'betaHeader.name', '"x beta"', 'x-beta'],
  },
  {
    fault: 'A path of the entrance without its slash',
    build: () => entrance({ paths: ['translate'] }),
    says: ['test/entrance', 'paths.0', '"translate"', 'slash'],
  },
  {
    fault: 'A connection that stays open on a path that is not let through',
    build: () => entrance({ webSocketPaths: ['/ws'] }),
    says: ['test/entrance', 'webSocketPaths', '"/ws"', 'among paths'],
  },
  {
    fault: 'A host with its scheme',
    build: () => entrance({ ingress: PublicIngress.gateway({ host: 'https://a.example.com', clusterIssuer: 'ca' }) }),
    says: ['test/entrance', 'ingress.host', '"https://a.example.com"', 'host name'],
  },
  {
    fault: 'A range of no addresses in a flow',
    build: () =>
      new NetworkPolicies(chart(), 'policies', {
        platform,
        endpoints: [translator],
        connections: [{ from: podsOf(translator), to: addresses(['10.0.0.7']), port: 443 }],
      }),
    says: ['test/policies', 'connections.0.to.cidrs.0', '"10.0.0.7"', '10.0.0.0/16'],
  },
  {
    fault: 'Storage in decimal units',
    build: () => store({ storage: '10GB' as '10Gi' }),
    says: ['test/store', 'choice.storage', '"10GB"', '10Gi'],
  },
  {
    fault: 'A backup at a time that no day has',
    build: () => store({ backups: Backups.daily({ at: '25:00', keepDays: 7 }) }),
    says: ['test/store', 'choice.backups.at', '"25:00"', '02:30'],
  },
  {
    fault: 'Two sentinels, which have no majority',
    build: () => store({ topology: { kind: 'sentinel', replicas: 2 as 3 } }),
    says: ['test/store', 'choice.topology.replicas', '2', '3 or 5'],
  },
  {
    fault: 'A taint with its value and effect for a key',
    build: () => new PlatformNamespace(chart(), 'namespace', pools({ 'pool=compute:NoSchedule': '' })),
    says: ['test/namespace', 'nodePools.compute.taints', 'pool=compute:NoSchedule', 'without value and effect'],
  },
];
