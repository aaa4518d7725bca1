import { ApiObject, type ApiObjectMetadata } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/**
 * A Deployment, typed by cdk8s-plus and written by cdk8s's plain ApiObject: cdk8s-plus's own object would drop every field that is
 * newer than Kubernetes 1.28, such as the `sleep` below, and so would a patch.
 *
 * @param props.preStopSeconds a pod goes on serving for so long after it was told to end, until every node has forgotten it
 * (Kubernetes 1.30).
 */
export function deployment(
  scope: Construct,
  id: string,
  props: { readonly metadata: ApiObjectMetadata; readonly spec: k8s.DeploymentSpec; readonly preStopSeconds?: number },
): ApiObject {
  const spec = k8s.toJson_DeploymentSpec(props.spec);
  if (props.preStopSeconds !== undefined) {
    for (const container of spec?.template.spec.containers ?? []) {
      container.lifecycle = { preStop: { sleep: { seconds: props.preStopSeconds } } };
    }
  }
  return new ApiObject(scope, id, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: props.metadata, spec });
}

/** A StatefulSet, by the same means as {@link deployment}. */
export function statefulSet(
  scope: Construct,
  id: string,
  props: { readonly metadata: ApiObjectMetadata; readonly spec: k8s.StatefulSetSpec },
): ApiObject {
  const spec = k8s.toJson_StatefulSetSpec(props.spec);
  return new ApiObject(scope, id, { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: props.metadata, spec });
}
