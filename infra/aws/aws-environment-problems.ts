import type { EnvironmentConfig } from '../../stacks/index.js';
import type { StackConfigProblem } from '../stack-config-error.js';

/**
 * What an environment asks for that this target does not bring.
 * @param broker the stack's choice, whatever else is wrong with it
 */
export function awsEnvironmentProblems(
  { name, ingress, mesh, rabbitmq }: EnvironmentConfig,
  broker: string,
): readonly StackConfigProblem[] {
  const environment = { key: 'environment', value: JSON.stringify(name) };
  const problems: StackConfigProblem[] = [];
  if (ingress.kind !== 'gateway' || mesh.kind !== 'sidecar') {
    const allowed =
      'must have Istio for its mesh and its entrance on aws. Fix: Mesh.sidecar({ cni: true }) and PublicIngress.gateway({ … })';
    problems.push({ ...environment, allowed });
  }
  if (broker === 'in-cluster' && rabbitmq.kind === 'managed') {
    const allowed = `must be the choice of "${name}" too, and its broker is managed elsewhere. Fix: RabbitMq.inCluster({ … })`;
    problems.push({ key: 'aws.broker', value: JSON.stringify(broker), allowed });
  }
  return problems;
}
