import type { StoreSpec } from '../../contract/vocabulary/index.js';
import { execProbe, httpProbe, tcpProbe } from '../workload/probe.js';
import { bytesOf } from '../workload/quantity.js';
import type { ContainerSpec } from '../workload/restricted-pod.js';
import { secretPath } from '../workload/secret-ref.js';
import { DATA_VOLUME, POD_NAME, type StatefulServerProps } from '../workload/stateful-server.js';
import { exporterResources, LANDING_PAGE } from './exporter-container.js';
import { type RedisInCluster, type RedisProps, serversOf } from './redis-props.js';
import { findPrimary, replicaConfig, SENTINEL_CONFIG, sentinelConfig, sentinelResources } from './redis-sentinel.js';
import { RUN_PATH, readSecret, startScript } from './start-script.js';

const CONFIG = `${RUN_PATH}/redis.conf`;
const PASSWORD = `${RUN_PATH}/password`;
const EXPORTER_PASSWORDS = `${RUN_PATH}/exporter-passwords.json`;
const DATA = { name: DATA_VOLUME, mountPath: '/data' };

/** The pods of Redis: the server, a sentinel where it is highly available, and an exporter. */
export function redisServer(props: RedisProps, choice: RedisInCluster): StatefulServerProps {
  const { platform, spec, image } = props;
  const start = startScript({
    script: script(props, choice),
    server: { image, resources: choice.resources },
    secrets: [choice.password],
    ...(choice.topology.kind === 'sentinel' && { mounts: [DATA], env: [POD_NAME] }),
  });
  return {
    platform,
    name: spec.name,
    replicas: serversOf(choice),
    placement: 'memory' as const,
    storage: choice.storage,
    terminationGraceSeconds: 60,
    ports: { redis: spec.port, ...(choice.topology.kind === 'sentinel' && { sentinel: props.sentinelPort }) },
    volumes: start.volumes,
    initContainers: [start.initContainer],
    annotations: start.annotations,
    containers: [
      {
        name: spec.name,
        image,
        resources: choice.resources,
        command: ['redis-server', CONFIG],
        ports: { redis: spec.port },
        mounts: [start.mount, DATA],
        probes: {
          // It answers PONG only once its data is loaded.
          readinessProbe: execProbe(['sh', '-c', ping(spec.port)], 5),
          livenessProbe: tcpProbe('redis', 10, 6),
        },
      },
      ...(choice.topology.kind === 'sentinel' ? [sentinel(props)] : []),
      ...(spec.metricsPort === undefined ? [] : [exporter(props, spec.metricsPort)]),
    ],
  };
}

function sentinel({ image, sentinelPort }: RedisProps): ContainerSpec {
  return {
    name: 'sentinel',
    image,
    resources: sentinelResources,
    command: ['redis-server', SENTINEL_CONFIG, '--sentinel'],
    ports: { sentinel: sentinelPort },
    mounts: [{ name: 'run', mountPath: RUN_PATH, readOnly: true }, DATA],
    probes: {
      readinessProbe: execProbe(['sh', '-c', ping(sentinelPort)], 5),
      livenessProbe: tcpProbe('sentinel', 10, 6),
    },
  };
}

function exporter({ spec, exporterImage }: RedisProps, metricsPort: number): ContainerSpec {
  return {
    name: 'exporter',
    image: exporterImage,
    resources: exporterResources,
    args: [
      `--redis.addr=redis://localhost:${spec.port}`,
      `--redis.password-file=${EXPORTER_PASSWORDS}`,
      `--web.listen-address=:${metricsPort}`,
    ],
    ports: { metrics: metricsPort },
    mounts: [{ name: 'run', mountPath: RUN_PATH, readOnly: true }],
    probes: { readinessProbe: httpProbe(LANDING_PAGE, 'metrics'), livenessProbe: tcpProbe('metrics', 20) },
  };
}

function script(props: RedisProps, choice: RedisInCluster): string {
  const { spec } = props;
  const isWatched = choice.topology.kind === 'sentinel';
  // A quarter of the limit is left for copies on write and for clients' buffers.
  const maxMemoryBytes = Math.floor(bytesOf(choice.resources.memory.limit) * 0.75);
  return `password=${readSecret(choice.password)}
cat > ${CONFIG} <<END
port ${spec.port}
dir /data
appendonly yes
save ""
maxmemory ${maxMemoryBytes}
maxmemory-policy volatile-ttl
requirepass "$password"
END
cp ${secretPath(choice.password)} ${PASSWORD}
printf '{"redis://localhost:${spec.port}":"%s"}' "$password" > ${EXPORTER_PASSWORDS}${
    isWatched ? watched(props, choice, spec) : ''
  }`;
}

function watched(props: RedisProps, choice: RedisInCluster, spec: StoreSpec): string {
  const nodes = { ...props, servers: serversOf(choice), passwordFile: PASSWORD };
  return ['', findPrimary(nodes), replicaConfig(spec, CONFIG), sentinelConfig(nodes)].join('\n');
}

function ping(port: number): string {
  return `REDISCLI_AUTH="$(cat ${PASSWORD})" redis-cli -p ${port} ping | grep -q PONG`;
}
