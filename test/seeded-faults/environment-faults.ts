import { App } from 'cdk8s';
import type { Construct } from 'constructs';
import { Mesh, Redis } from '../../constructs/index.js';
import { queueMessagesReady, tasks } from '../../contract/index.js';
import { clusterSum } from '../../contract/vocabulary/index.js';
import { DevWithMailSorter, mails } from '../../examples/your-own-service.js';
import { Dev, dev, manifestsOf, Production, production, Scaling } from '../../stacks/index.js';
import type { SynthFault } from './synth-fault.js';

function environment(own: object): string {
  return new Production(new App({ outdir: '.' }), { ...production, ...own }).node.path;
}

/** What only the whole environment shows is refused when it is written. */
function written(own: object): unknown {
  return manifestsOf(
    class extends Production {
      constructor(scope: Construct) {
        super(scope, { ...production, ...own });
      }
    },
  );
}

class DevWithoutConsumer extends Dev {
  protected override topologies() {
    return [...super.topologies(), mails];
  }
}

class DevWithoutQueues extends DevWithMailSorter {
  protected override topologies() {
    return [tasks];
  }
}

class DevWithWrongQueue extends Dev {
  constructor(scope: Construct) {
    super(scope, { ...dev, scaling: Scaling.autoscaled({ minReplicas: 2, maxReplicas: 3 }) });
  }
  protected override services() {
    const metric = clusterSum('waiting', queueMessagesReady, { queue: 'tasks.hihg' });
    return super.services().map((plan) => (plan.consumes ? { ...plan, scaleOn: [{ metric, averageValue: 5 }] } : plan));
  }
}

/** Environments: what their configuration says, and what only their parts together show. */
export const environmentFaults: readonly SynthFault[] = [
  {
    fault: 'A quota that the ceilings of the autoscalers exceed',
    build: () => written({ quota: { cpu: '40', memory: '100Gi', pods: 60 } }),
    says: ['production/04-services/gateway-autoscaler', '40 cores of the quota', 'Fix: fewer replicas'],
  },
  {
    fault: 'A queue that nobody consumes',
    build: () => new DevWithoutConsumer(new App({ outdir: '.' })),
    says: ['dev:', 'mails.inbox', 'Fix'],
  },
  {
    fault: 'A consumer of queues that the broker does not hold',
    build: () => new DevWithoutQueues(new App({ outdir: '.' })),
    says: ['mail:', 'mail-sorter', '"mails"', 'Fix'],
  },
  {
    fault: 'A metric of a queue whose name is misspelt',
    build: () => new DevWithWrongQueue(new App({ outdir: '.' })),
    says: ['dev:', '"tasks.hihg"', 'Fix'],
  },
  {
    fault: 'A canary where there is no mesh to split requests',
    build: () => environment({ mesh: Mesh.none('for now') }),
    says: ['"production"', 'canary', 'Mesh.sidecar({ cni: true })'],
  },
  {
    fault: 'An image by the tag latest',
    build: () => environment({ image: { ...production.image, tag: 'latest' } }),
    says: ['"production"', 'image.tag', '"latest"', 'version tag'],
  },
  {
    fault: 'An image by half a digest',
    build: () => environment({ image: { ...production.image, digest: 'sha256:5f5f' } }),
    says: ['"production"', 'image.digest', '64 hex digits'],
  },
  {
    fault: 'A password in the address of a store',
    build: () => environment({ redis: { ...production.redis, url: 'rediss://:hunter2@redis.example.com' } }),
    says: ['"production"', 'redis.url', 'reference to its Secret'],
  },
  {
    fault: 'A misspelt name in an environment',
    build: () => environment({ regoin: 'eu-central-1' }),
    says: ['"production"', 'regoin', 'no known key'],
  },
  {
    fault: 'An address range that is none',
    build: () => environment({ controlPlaneCidrs: ['10.0.0.0'] }),
    says: ['"production"', 'controlPlaneCidrs.0', '"10.0.0.0"', '10.0.0.0/16'],
  },
  {
    fault: 'A service’s ceiling below its floor in the contract',
    build: () => environment({ services: { rag: { maxReplicas: 3 } } }),
    says: ['"production"', 'services.rag', 'floor of 5', 'maxReplicas'],
  },
  {
    fault: 'A cache by the address of a database',
    build: () => {
      const { password } = production.redis;
      const url = 'postgres://db.example.com';
      return environment({ redis: Redis.managed({ url, cidrs: ['10.9.0.0/16'], password }) });
    },
    says: ['redis.url: "postgres://db.example.com"', 'redis:// or rediss://'],
  },
  {
    fault: 'Five hundred cores for thousandths of one',
    build: () => environment({ resources: { ...production.resources, cpu: { request: '500', limit: '1000' } } }),
    says: ['resources.cpu.request: "500"', 'such as 500m'],
  },
  {
    fault: 'Two services of one name',
    build: () =>
      manifestsOf(
        class extends Production {
          protected override services() {
            return [...super.services(), ...super.services().slice(0, 1)];
          }
        },
      ),
    says: ['"gateway" is the name of another service', 'Fix: '],
  },
  {
    fault: 'A platform in Kubernetes’ own namespace',
    build: () => environment({ namespace: 'kube-system' }),
    says: ['"production"', 'namespace', '"kube-system"', 'own'],
  },
  {
    fault: 'A control plane at every address',
    build: () => environment({ controlPlaneCidrs: ['0.0.0.0/0'] }),
    says: ['"production"', 'controlPlaneCidrs.0', '"0.0.0.0/0"', 'ranges of the API servers'],
  },
];
