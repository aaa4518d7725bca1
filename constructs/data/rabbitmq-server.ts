import { createHash } from 'node:crypto';
import { tcpProbe } from '../workload/probe.js';
import { secretPath } from '../workload/secret-ref.js';
import { DATA_VOLUME, nodeDomain, POD_NAME, type StatefulServerProps } from '../workload/stateful-server.js';
import { type RabbitMqDefinitions, VHOST } from './rabbitmq-definitions.js';
import type { RabbitMqInCluster, RabbitMqProps } from './rabbitmq-props.js';
import { RUN_PATH, readSecret, startScript } from './start-script.js';

/** Name of the ConfigMap that holds the broker's files. */
export const RABBITMQ_FILES = 'rabbitmq-configuration';

const FILES_PATH = '/etc/armature-rabbitmq';
const FILES_MOUNT = { name: 'files', mountPath: FILES_PATH, readOnly: true };
const HOME = '/var/lib/rabbitmq';
const DEFINITIONS = `${RUN_PATH}/definitions.json`;

interface RabbitMqServerProps extends RabbitMqProps {
  readonly consumerTimeoutSeconds: number;
}

/** The broker's files and pods. Its nodes know each other by name from the start, so that no pod needs the Kubernetes API. */
export function rabbitMqServer(
  props: RabbitMqServerProps,
  choice: RabbitMqInCluster,
  definitions: RabbitMqDefinitions,
): { readonly files: Record<string, string>; readonly props: StatefulServerProps } {
  const { platform, spec, image } = props;
  const domain = nodeDomain(platform, spec.name);
  const files = {
    'rabbitmq.conf': configuration(props, choice, domain),
    'topology.json': JSON.stringify(definitions, undefined, 2),
    enabled_plugins: '[rabbitmq_prometheus].\n',
  };
  const start = startScript({
    script: script(props, choice),
    server: { image, resources: choice.resources },
    secrets: [choice.password, choice.erlangCookie],
    mounts: [{ name: DATA_VOLUME, mountPath: HOME }, FILES_MOUNT],
  });
  const ports = { amqp: spec.port, metrics: spec.metricsPort };
  const peerPorts = { epmd: props.peerDiscoveryPort, distribution: props.distributionPort };
  return {
    files,
    props: {
      platform,
      name: spec.name,
      replicas: choice.replicas,
      placement: 'general',
      storage: choice.storage,
      // A node that leaves hands its queues' leaders over first.
      terminationGraceSeconds: 120,
      ports: { amqp: spec.port },
      peerPorts,
      volumes: [{ name: 'files', configMap: { name: RABBITMQ_FILES } }, ...start.volumes],
      initContainers: [start.initContainer],
      annotations: {
        ...start.annotations,
        'checksum/files': createHash('sha256').update(JSON.stringify(files)).digest('hex'),
      },
      containers: [
        {
          name: spec.name,
          image,
          resources: choice.resources,
          env: [
            POD_NAME,
            { name: 'RABBITMQ_USE_LONGNAME', value: 'true' },
            { name: 'RABBITMQ_NODENAME', value: `rabbit@$(POD_NAME).${domain}` },
            { name: 'RABBITMQ_CONFIG_FILE', value: `${FILES_PATH}/rabbitmq.conf` },
            { name: 'RABBITMQ_ENABLED_PLUGINS_FILE', value: `${FILES_PATH}/enabled_plugins` },
            // It keeps a log of upgrades in a file whatever the configuration says, and does not start where it cannot.
            { name: 'RABBITMQ_LOG_BASE', value: '/tmp' },
            { name: 'RABBITMQ_DIST_PORT', value: String(props.distributionPort) },
            { name: 'ERL_EPMD_PORT', value: String(props.peerDiscoveryPort) },
          ],
          ports: { ...ports, ...peerPorts },
          mounts: [{ name: DATA_VOLUME, mountPath: HOME }, FILES_MOUNT, { ...start.mount, readOnly: true }],
          probes: { readinessProbe: tcpProbe('amqp', 10), livenessProbe: tcpProbe('distribution', 20, 6) },
        },
      ],
    },
  };
}

function configuration(
  { spec, consumerTimeoutSeconds }: RabbitMqServerProps,
  { replicas }: RabbitMqInCluster,
  domain: string,
): string {
  const nodes = Array.from({ length: replicas }, (_, i) => `rabbit@${spec.name}-${i}.${domain}`);
  const lines = [
    `listeners.tcp.default = ${spec.port}`,
    `prometheus.tcp.port = ${spec.metricsPort}`,
    `consumer_timeout = ${consumerTimeoutSeconds * 1000}`,
    'log.console = true',
    'log.file = false',
    'definitions.import_backend = local_filesystem',
    `definitions.local.path = ${DEFINITIONS}`,
    // A node that has nothing to wait for would otherwise start a cluster of its own.
    ...(replicas > 1
      ? [
          'cluster_formation.peer_discovery_backend = classic_config',
          `cluster_formation.target_cluster_size_hint = ${replicas}`,
          ...nodes.map((node, i) => `cluster_formation.classic_config.nodes.${i + 1} = ${node}`),
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The topology is public; its user is put before it here, for the password is not. One file, for the broker reads no folder of them. */
function script({ user }: RabbitMqProps, { password, erlangCookie }: RabbitMqInCluster): string {
  const permission = `{"user":"${user}","vhost":"${VHOST}","configure":"^$","write":".*","read":".*"}`;
  return `password=${readSecret(password)}
cat > ${DEFINITIONS} <<END
{"users":[{"name":"${user}","password":"$password","tags":[]}],"permissions":[${permission}],
END
tail -c +2 ${FILES_PATH}/topology.json >> ${DEFINITIONS}
cp -f ${secretPath(erlangCookie)} ${HOME}/.erlang.cookie
chmod 400 ${HOME}/.erlang.cookie`;
}
