/** What is wrong by itself beside the good manifests: rule, object in YAML, and what the message says. */
export const badObjects: readonly (readonly [rule: string, object: string, says: string])[] = [
  [
    'misspelt-namespace',
    '{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: monitorng}}',
    '"monitorng", which nothing here makes',
  ],
  [
    'dangling-sub-path',
    '{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: team}, spec: {containers: [{name: a, volumeMounts: [{name: files, mountPath: /etc/app.yaml, subPath: app.yaml}]}], volumes: [{name: files, configMap: {name: shop}}]}}',
    'the subPath "app.yaml"',
  ],
  [
    'backend-not-granted',
    '{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: monitoring}, spec: {parentRefs: [{name: g, namespace: else}], rules: [{backendRefs: [{name: shop, namespace: team, port: 80}]}]}}',
    '"shop" of namespace "team"',
  ],
  [
    'dangling-parent',
    '{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: team}, spec: {parentRefs: [{name: publik}], rules: []}}',
    '"publik", which is not in namespace "team"',
  ],
  [
    'dangling-backend',
    '{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: w}, webhooks: [{name: a.b.c, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {service: {namespace: team, name: hook}}}]}',
    '"hook"',
  ],
  [
    'webhook-name',
    '{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: w}, webhooks: [{name: pods, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: "https://a"}}]}',
    '"pods"',
  ],
  [
    'missing-field',
    '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: team}, spec: {resources: {requests: {storage: 1Gi}}}}',
    'spec.accessModes',
  ],
  [
    'invalid-value',
    '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: team}, spec: {accessModes: [RWO], resources: {requests: {storage: 1Gi}}}}',
    '"RWO"',
  ],
  [
    'invalid-definition',
    '{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: cat.example.com}, spec: {group: example.com, names: {plural: cats}, versions: [{schema: {x: y}, storage: true, served: true}]}}',
    'it defines cats.example.com',
  ],
  [
    'dangling-monitor',
    '{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {name: m, namespace: team}, spec: {selector: {matchLabels: {app: shop}}, podMetricsEndpoints: [{port: metrics}]}}',
    '"metrics", and those of its pods are http',
  ],
  [
    'dangling-monitor',
    '{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: m, namespace: team}, spec: {selector: {matchLabels: {app: shop}}, endpoints: [{port: http}]}}',
    'no Service has the labels app=shop',
  ],
  [
    'backlog-target',
    '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: k, namespace: team}, spec: {minReplicaCount: 0, scaleTargetRef: {name: shop}, triggers: [{type: rabbitmq, metadata: {queueName: q, mode: QueueLength, value: "1000000"}}]}}',
    'the trigger rabbitmq lets 1000000 messages',
  ],
  [
    'conflicting-traffic-policies',
    '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: d, namespace: team}, spec: {host: shop, subsets: [{name: v1, labels: {version: v1}}]}}',
    'DestinationRule/team/shop states subset "v1" of "shop" already',
  ],
  [
    'keda-threshold',
    '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: k, namespace: team}, spec: {minReplicaCount: 0, scaleTargetRef: {name: shop}, triggers: [{type: prometheus, metadata: {query: up, threshold: "0"}}]}}',
    '"0"',
  ],
  [
    'dangling-trigger-authentication',
    '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: k, namespace: team}, spec: {minReplicaCount: 0, scaleTargetRef: {name: shop}, triggers: [{type: rabbitmq, authenticationRef: {name: mq}, metadata: {queueLength: "5"}}]}}',
    '"mq"',
  ],
  [
    'invalid-value',
    '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: k, namespace: team}, spec: {scaleTargetRef: {name: shop}, triggers: [{type: rabbitmq, metadata: {queueLength: 5}}]}}',
    'queueLength is 5',
  ],
  [
    'node-port',
    '{apiVersion: v1, kind: Service, metadata: {name: s, namespace: team}, spec: {type: NodePort, selector: {app: shop}, ports: [{port: 80, targetPort: http, nodePort: 8080}]}}',
    'nodePort is 8080',
  ],
  [
    'invalid-expression',
    '{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: p, namespace: team}, spec: {groups: [{name: g, rules: [{record: a, expr: sum(rate(x_total))}]}]}}',
    'no window',
  ],
  [
    'invalid-expression',
    '{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: p, namespace: team}, spec: {groups: [{name: g, rules: [{alert: Down, labels: {severity: info}, expr: "up{job=\\"a\\"} = 0"}]}]}}',
    '"=" compares nothing',
  ],
  [
    'invalid-expression',
    '{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: p, namespace: team}, spec: {groups: [{name: g, rules: [{record: a, expr: "rate(sum(x_total)[5m])"}]}]}}',
    'rate of a sum',
  ],
];
