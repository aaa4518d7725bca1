import type { StoreSpec } from '../../../contract/vocabulary/index.js';
import type { PlatformContext } from '../../platform-context.js';
import type { ImageRef } from '../../workload/image.js';
import { type ByteQuantity, bytesOf, gibibytesText } from '../../workload/quantity.js';
import { type SecretRef, secretPath } from '../../workload/secret-ref.js';
import { nodeNames } from '../../workload/stateful-server.js';
import type { DailyBackups } from './backup-choice.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupPlan, variables } from './backup-plan.js';

export interface QdrantBackupProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly nodes: number;
  readonly apiKey: SecretRef;
  /** Of each node. */
  readonly storage: ByteQuantity;
  readonly daily: DailyBackups;
  /** curl's: Qdrant's own image has no program that speaks HTTP. */
  readonly image: ImageRef;
}

/** A snapshot of every collection on every node, for a snapshot holds what its node has. They go back to the nodes that they came from. */
export function qdrantBackup(props: QdrantBackupProps): BackupPlan {
  const { platform, spec, nodes, apiKey, storage, daily, image } = props;
  const urls = nodeNames(platform, spec.name, nodes).map((host) => `http://${host}:${spec.port}`);
  const step = {
    image,
    resources: BACKUP_RESOURCES,
    env: variables({ NODES: urls.join(' ') }),
    secrets: [apiKey],
  };
  const login = `printf 'api-key: %s' "$(cat ${secretPath(apiKey)})" > /tmp/key
api() { curl --fail-with-body --silent --show-error --header @/tmp/key "$@"; }
names() { grep -o '"name":"[^"]*"' | cut -d '"' -f 4; }
number=0`;
  return {
    daily,
    dump: {
      ...step,
      script: `${login}
for node in $NODES; do
  folder="${BACKUP_PATH}/$number"
  mkdir -p "$folder"
  api "$node/collections" > "$folder/collections.json"
  for collection in $(names < "$folder/collections.json"); do
    api --request POST "$node/collections/$collection/snapshots" > /tmp/snapshot
    snapshot="$(names < /tmp/snapshot)"
    api --output "$folder/$collection.snapshot" "$node/collections/$collection/snapshots/$snapshot"
    api --request DELETE "$node/collections/$collection/snapshots/$snapshot"
  done
  number=$((number + 1))
done`,
    },
    restore: {
      ...step,
      script: `${login}
for node in $NODES; do
  for collection in $(names < "${BACKUP_PATH}/$number/collections.json"); do
    api --form "snapshot=@${BACKUP_PATH}/$number/$collection.snapshot" "$node/collections/$collection/snapshots/upload?priority=snapshot&wait=true"
  done
  number=$((number + 1))
done`,
    },
    storage: gibibytesText(bytesOf(storage) * nodes) as ByteQuantity,
    ports: [spec.port],
  };
}
