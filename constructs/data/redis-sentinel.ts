import type { StoreSpec } from '../../contract/vocabulary/index.js';
import type { PlatformContext } from '../platform-context.js';
import type { Resources } from '../workload/quantity.js';
import { nodeDomain, nodeNames } from '../workload/stateful-server.js';

/** On the volume, for a sentinel writes there what it has agreed on with the others. */
export const SENTINEL_CONFIG = '/data/sentinel.conf';

export const sentinelResources: Resources = {
  cpu: { request: '20m', limit: '200m' },
  memory: { request: '32Mi', limit: '128Mi' },
  ephemeralStorage: '64Mi',
};

interface Nodes {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly sentinelPort: number;
  readonly servers: number;
  readonly passwordFile: string;
}

/**
 * Shell that sets `$node`, this server's own address, and `$primary`. A server that comes back must not take itself for the primary
 * that it once was: it asks the sentinels of the others, then what its own last knew; only a cluster that never ran begins with the first.
 */
export function findPrimary({ platform, spec, sentinelPort, servers, passwordFile }: Nodes): string {
  const nodes = nodeNames(platform, spec.name, servers);
  return `node="$POD_NAME.${nodeDomain(platform, spec.name)}"
nodes="${nodes.join(' ')}"
primary=""
is_node() { case " $nodes " in *" $1 "*) [ -n "$1" ];; *) false;; esac; }
for other in $nodes; do
  if [ "$other" = "$node" ]; then continue; fi
  answer="$(REDISCLI_AUTH="$(cat ${passwordFile})" timeout 5 redis-cli -h "$other" -p ${sentinelPort} sentinel get-master-addr-by-name ${spec.name} 2>/dev/null | head -n 1)" || continue
  if is_node "$answer"; then primary="$answer"; break; fi
done
if [ -z "$primary" ] && [ -f ${SENTINEL_CONFIG} ]; then
  answer="$(sed -n 's/^sentinel monitor ${spec.name} \\([^ ]*\\) .*/\\1/p' ${SENTINEL_CONFIG} | tr -d '"')"
  if is_node "$answer"; then primary="$answer"; fi
fi
if [ -z "$primary" ]; then primary="${nodes[0]}"; fi`;
}

/** Shell that adds to a server's configuration whom it follows. A primary that nobody follows any more takes no writes that would be lost. */
export function replicaConfig(spec: StoreSpec, config: string): string {
  return `cat >> ${config} <<END
masterauth "$password"
replica-announce-ip $node
replica-announce-port ${spec.port}
min-replicas-to-write 1
min-replicas-max-lag 10
END
if [ "$primary" != "$node" ]; then echo "replicaof $primary ${spec.port}" >> ${config}; fi`;
}

/** Lines that a sentinel itself has written and must find again: who it is, whom it knows, and which decision was the last. */
const STATE = 'myid|current-epoch|config-epoch|leader-epoch|known-sentinel';

/** Shell that writes the sentinel's configuration anew, and keeps what the sentinel knows. */
export function sentinelConfig({ spec, sentinelPort, servers }: Nodes): string {
  const majority = Math.floor(servers / 2) + 1;
  return `known=""
if [ -f ${SENTINEL_CONFIG} ]; then known="$(grep -E '^sentinel (${STATE}) ' ${SENTINEL_CONFIG} || true)"; fi
cat > ${SENTINEL_CONFIG} <<END
port ${sentinelPort}
dir /tmp
requirepass "$password"
sentinel sentinel-pass "$password"
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $node
sentinel announce-port ${sentinelPort}
sentinel monitor ${spec.name} $primary ${spec.port} ${majority}
sentinel auth-pass ${spec.name} "$password"
sentinel down-after-milliseconds ${spec.name} 5000
sentinel failover-timeout ${spec.name} 60000
sentinel parallel-syncs ${spec.name} 1
$known
END`;
}
