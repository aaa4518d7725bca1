import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { isMapping } from './field.js';
import type { Manifest } from './kube-object.js';

/** A small application that no rule has anything against, in a cluster of its own. */
export function goodManifests(): Manifest[] {
  return loadAll(GOOD, { schema: YAML11_SCHEMA })
    .filter(isMapping)
    .map((value) => ({ value, file: 'good.yaml' }));
}

const GOOD = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: shop, namespace: team }
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: serving }
value: 1000
---
apiVersion: v1
kind: ConfigMap
metadata: { name: shop, namespace: team }
data: { LOG_LEVEL: info, MAX_TOKENS: '1000', JWT_SECRET_FILE: /run/secrets/jwt }
---
apiVersion: v1
kind: Secret
metadata: { name: shop, namespace: team }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: team }
spec:
  selector: { matchLabels: { app: shop } }
  strategy: { rollingUpdate: { maxUnavailable: 0 } }
  template:
    metadata: { labels: { app: shop, version: v1 } }
    spec:
      serviceAccountName: shop
      priorityClassName: serving
      terminationGracePeriodSeconds: 30
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: shop
          image: example.com/shop:1.2.3
          ports: [{ name: http, containerPort: 8000 }]
          env:
            - name: LEVEL
              valueFrom: { configMapKeyRef: { name: shop, key: LOG_LEVEL } }
          envFrom: [{ secretRef: { name: shop } }]
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
          livenessProbe: { httpGet: { path: /alive, port: http } }
          readinessProbe: { httpGet: { path: /ready, port: 8000 } }
          resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      volumes:
        - name: data
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: team }
spec:
  selector: { app: shop }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: shop, namespace: team }
spec:
  minAvailable: 1
  selector: { matchLabels: { app: shop } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: shop, namespace: team }
spec:
  podSelector: { matchExpressions: [{ key: app, operator: In, values: [shop] }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: shop, namespace: team }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }
  minReplicas: 2
  maxReplicas: 9
  behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 300 } }
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
    - type: Pods
      pods: { metric: { name: orders_per_second }, target: { type: AverageValue, averageValue: 5 } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: adapter, namespace: monitoring }
data:
  config.yaml: |
    rules:
      - seriesQuery: '{__name__="orders_total"}'
        name: { matches: ^(.*)_total$, as: '\${1}_per_second' }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.custom.metrics.k8s.io }
spec: { group: custom.metrics.k8s.io, service: { name: adapter, namespace: monitoring } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: shop, namespace: team }
rules:
  - { apiGroups: [''], resources: [pods], verbs: [get] }
  - { apiGroups: [''], resources: [secrets], resourceNames: [shop], verbs: [get] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: shop, namespace: team }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop }
subjects: [{ kind: ServiceAccount, name: shop }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: team }
spec:
  servers:
    - { port: { number: 443, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop }, hosts: [shop.example.com] }
    - { port: { number: 80, protocol: HTTP }, tls: { httpsRedirect: true }, hosts: [shop.example.com] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: shop, namespace: team }
spec:
  host: shop.team.svc.cluster.local
  subsets: [{ name: v1, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: team }
spec:
  hosts: [shop.example.com]
  gateways: [team/public, mesh, istio-system/elsewhere]
  http:
    - name: split
      route:
        - { destination: { host: shop, subset: v1, port: { number: 80 } }, weight: 95 }
        - { destination: { host: shop }, weight: 5 }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: team }
spec:
  tls: [{ hosts: [shop.example.com], secretName: shop }]
  rules: [{ host: shop.example.com }]
`;
