import type { Rule } from './finding.js';
import { accessRules } from './rules/access-rules.js';
import { autoscalerRules } from './rules/autoscaler-rules.js';
import { containerSecurityRules } from './rules/container-security-rules.js';
import { disruptionRules } from './rules/disruption-rules.js';
import { entranceRules } from './rules/entrance-rules.js';
import { exposureRules } from './rules/exposure-rules.js';
import { hostRules } from './rules/host-rules.js';
import { kedaRules } from './rules/keda-rules.js';
import { meshIdentityRules } from './rules/mesh-identity-rules.js';
import { meshRules } from './rules/mesh-rules.js';
import { metricRules } from './rules/metric-rules.js';
import { networkRules } from './rules/network-rules.js';
import { objectRules } from './rules/object-rules.js';
import { probeRules } from './rules/probe-rules.js';
import { prometheusRuleRules } from './rules/prometheus-rules.js';
import { referenceRules } from './rules/reference-rules.js';
import { resourceRules } from './rules/resource-rules.js';
import { secretRules } from './rules/secret-rules.js';
import { selectorRules } from './rules/selector-rules.js';
import { serviceRules } from './rules/service-rules.js';

/** Everything that manifests are held to: `armature check`, synthesis (`checkOnSynth`) and whoever else asks use this one table. */
export const rules: readonly Rule[] = [
  ...objectRules,
  ...serviceRules,
  ...selectorRules,
  ...referenceRules,
  ...accessRules,
  ...autoscalerRules,
  ...metricRules,
  ...kedaRules,
  ...prometheusRuleRules,
  ...meshRules,
  ...meshIdentityRules,
  ...networkRules,
  ...containerSecurityRules,
  ...hostRules,
  ...secretRules,
  ...exposureRules,
  ...entranceRules,
  ...probeRules,
  ...resourceRules,
  ...disruptionRules,
];
