import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfirmedPublisher } from '../../../app/adapters/rabbitmq/confirmed-publisher.js';
import { VHOST } from '../../../constructs/data/rabbitmq-definitions.js';
import { RABBITMQ_FILES } from '../../../constructs/data/rabbitmq-server.js';
import { find, type Manifest } from '../../support/cluster.js';
import { freePorts, Program } from '../program.js';
import { brokerProgram } from '../rabbitmq-line.js';

/** One node of RabbitMQ on loopback, with the configuration and topology of an environment. */
export class Broker {
  private constructor(
    private readonly programs: readonly Program[],
    private readonly folder: string,
    private readonly url: string,
    /** `host:port` of its metrics. */
    readonly metricsAddress: string,
  ) {}

  static async start(objects: readonly Manifest[]): Promise<Broker> {
    const folder = mkdtempSync(join(tmpdir(), 'armature-broker-'));
    const [port = 0, metrics = 0, distribution = 0, epmd = 0] = await freePorts(4);
    const files = find(objects, 'ConfigMap', RABBITMQ_FILES).data as Record<string, string>;
    const file = (name: string, text = '') => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const env = {
      HOME: folder,
      ERL_EPMD_PORT: String(epmd),
      ERL_EPMD_ADDRESS: LOOPBACK,
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_NODENAME: `armature-${port}@localhost`,
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', onLoopback(files['rabbitmq.conf'], { port, metrics, folder })),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', files.enabled_plugins),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    };
    file(TOPOLOGY, withUser(files[TOPOLOGY]));
    const address = ['-address', LOOPBACK, '-port', String(epmd)];
    const programs = [
      new Program('epmd', address, folder, {}, { command: brokerProgram('epmd') }),
      new Program('rabbitmq-server', [], folder, env, { command: brokerProgram('rabbitmq-server') }),
    ];
    const broker = new Broker(programs, folder, `amqp://${USER}:${USER}@${LOOPBACK}:${port}`, `${LOOPBACK}:${metrics}`);
    try {
      // Prometheus's plugin starts last, after the topology has been read.
      await programs[1]?.until(async () => (await fetch(`http://${broker.metricsAddress}/metrics`)).ok);
      return broker;
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const program of this.programs.toReversed()) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Publishes messages that nobody takes. @throws when the broker does not route them */
  async publish({ messages, ...route }: { exchange: string; routingKey: string; messages: number }): Promise<void> {
    const publisher = new ConfirmedPublisher({ url: this.url, onError: () => undefined });
    for (let i = 0; i < messages; i += 1) await publisher.send(route, 'task');
    await publisher.close();
  }
}

const LOOPBACK = '127.0.0.1';
const TOPOLOGY = 'topology.json';
const USER = 'live';

/** A user comes with the topology: a broker that is given its definitions makes none of its own. */
function withUser(topology = '{}'): string {
  return JSON.stringify({
    users: [{ name: USER, password: USER, tags: '' }],
    permissions: [{ user: USER, vhost: VHOST, configure: '^$', write: '.*', read: '.*' }],
    ...JSON.parse(topology),
  });
}

/** The environment's own configuration, but for where it listens, where its topology stands, and that it is alone. */
function onLoopback(text = '', { port, metrics, folder }: { port: number; metrics: number; folder: string }): string {
  const own = {
    'listeners.tcp.default': `${LOOPBACK}:${port}`,
    'prometheus.tcp.port': String(metrics),
    'prometheus.tcp.ip': LOOPBACK,
    'definitions.local.path': join(folder, TOPOLOGY),
  };
  const kept = text
    .split('\n')
    .filter(
      (line) => !line.startsWith('cluster_formation.') && !Object.keys(own).some((key) => line.startsWith(`${key} =`)),
    );
  return [...kept, ...Object.entries(own).map(([key, value]) => `${key} = ${value}`), ''].join('\n');
}
