import { recordedSeries } from '../../constructs/index.js';
import { httpRequests, requestLatencyP99, taskBacklog } from '../../contract/index.js';
import type { CheckFault } from './check-fault.js';

const recordingRule = (expr: string) =>
  `groups: [{name: scaling, rules: [{record: '${recordedSeries(requestLatencyP99)}', expr: '${expr}'}]}]`;

/** Autoscalers, and the metrics and rules that they and people read. */
export const scalingFaults: readonly CheckFault[] = [
  {
    fault: 'An autoscaler’s metric is misnamed',
    foundBy: [],
    rule: 'metric-not-served',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/metrics/2/pods/metric/name': `${requestLatencyP99.name}0` },
    says: `"${requestLatencyP99.name}0"`,
  },
  {
    fault: 'Nobody serves an autoscaler’s metric',
    foundBy: [],
    rule: 'metrics-api-missing',
    in: 'APIService/v1beta1.external.metrics.k8s.io',
    removed: true,
    names: 'HorizontalPodAutoscaler/worker',
    says: `"${taskBacklog.name}"`,
  },
  {
    fault: 'An autoscaler scales what is not there',
    foundBy: ['kube-score'],
    rule: 'dangling-autoscaler',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/scaleTargetRef/name': 'chatt' },
    says: 'Deployment/chatt',
  },
  {
    fault: 'A Deployment under an autoscaler states its replicas',
    foundBy: ['kube-score'],
    rule: 'replicas-under-autoscaler',
    in: 'Deployment/chat',
    set: { 'spec/replicas': 3 },
    says: 'replicas: 3',
  },
  {
    fault: 'Two autoscalers on one Deployment',
    foundBy: [],
    rule: 'two-autoscalers',
    in: 'HorizontalPodAutoscaler/chat',
    copiedAs: 'chat-2',
    names: 'HorizontalPodAutoscaler/chat-2',
    says: 'HorizontalPodAutoscaler/armature/chat already',
  },
  {
    fault: 'An autoscaler’s floor is above its ceiling',
    foundBy: [],
    rule: 'autoscaler-bounds',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/minReplicas': 80 },
    says: '80',
  },
  {
    fault: 'A rate is recorded for scaling without its sum',
    foundBy: [],
    rule: 'scaling-without-sum',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule(`rate(${httpRequests.name}[75s])`) },
    says: `rate(${httpRequests.name}[75s])`,
  },
  {
    fault: 'A quantile of buckets without their bounds',
    foundBy: [],
    rule: 'quantile-without-bounds',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('histogram_quantile(0.9, sum by (pod) (rate(x_bucket[75s])))') },
    says: 'without le',
  },
  {
    fault: 'A window in milliseconds where Kubernetes wants seconds',
    foundBy: [],
    rule: 'hpa-limits',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/behavior/scaleDown/stabilizationWindowSeconds': 300_000 },
    says: '300000',
  },
  {
    fault: 'Utilisation as a ratio where Kubernetes wants percent',
    foundBy: ['kubeconform', 'kube-score'],
    rule: 'hpa-limits',
    in: 'HorizontalPodAutoscaler/chat',
    set: { 'spec/metrics/0/resource/target/averageUtilization': 0.7 },
    says: 'averageUtilization is 0.7',
  },
  {
    fault: 'A rule on a job that nobody scrapes',
    foundBy: [],
    rule: 'unscraped-job',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('sum(up{job="chatt"})') },
    says: '"chatt"',
  },
  {
    fault: 'An expression lacks a bracket',
    foundBy: [],
    rule: 'invalid-expression',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('sum(rate(x_total[5m])') },
    says: 'is not closed',
  },
  {
    fault: 'A quantile in percent',
    foundBy: [],
    rule: 'invalid-expression',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('histogram_quantile(99, sum by (le) (rate(x_bucket[5m])))') },
    says: '99 is above 1',
  },
  {
    fault: 'A rate over less than two scrapes',
    foundBy: [],
    rule: 'rate-window',
    in: 'ConfigMap/prometheus-configuration',
    set: { 'data/rules.yaml': recordingRule('sum(rate(x_total[15s]))') },
    says: 'over 15s',
  },
];
