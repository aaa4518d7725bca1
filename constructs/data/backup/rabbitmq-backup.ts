import { secretPath } from '../../workload/secret-ref.js';
import { headlessName, nodeNames } from '../../workload/stateful-server.js';
import type { RabbitMqInCluster, RabbitMqProps } from '../rabbitmq-props.js';
import type { DailyBackups } from './backup-choice.js';
import { BACKUP_PATH, BACKUP_RESOURCES, type BackupPlan, variables } from './backup-plan.js';

const DEFINITIONS = `${BACKUP_PATH}/definitions.json`;

/**
 * The broker's definitions: users, permissions, policies, exchanges, queues and bindings, whoever made them. Messages are no part of them:
 * they are work on its way, and old ones would be done twice.
 */
export function rabbitMqBackup(props: RabbitMqProps, choice: RabbitMqInCluster, daily: DailyBackups): BackupPlan {
  const { platform, spec, image } = props;
  const nodes = nodeNames(platform, spec.name, choice.replicas).map((host) => `rabbit@${host}`);
  const step = {
    image,
    resources: BACKUP_RESOURCES,
    env: variables({
      HOME: '/tmp',
      NODES: nodes.join(' '),
      ERL_EPMD_PORT: props.peerDiscoveryPort,
      RABBITMQ_DIST_PORT: props.distributionPort,
    }),
    secrets: [choice.erlangCookie],
  };
  return {
    daily,
    dump: { ...step, script: onAnyNode(choice, `export_definitions ${DEFINITIONS}`) },
    restore: { ...step, script: onAnyNode(choice, `import_definitions ${DEFINITIONS}`) },
    storage: '1Gi',
    ports: [props.peerDiscoveryPort, props.distributionPort],
    subdomain: headlessName(spec.name),
  };
}

/** Any node knows everything; the first that answers is asked. */
function onAnyNode({ erlangCookie }: RabbitMqInCluster, command: string): string {
  return `cp -f ${secretPath(erlangCookie)} "$HOME/.erlang.cookie"
chmod 400 "$HOME/.erlang.cookie"
for node in $NODES; do
  if rabbitmqctl --longnames --node "$node" ${command}; then exit 0; fi
done
echo "None of the nodes answered: $NODES" >&2
exit 1`;
}
