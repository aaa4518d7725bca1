import type { Rule } from './finding.js';
import { accessRules } from './rules/access-rules.js';
import { attachmentRules } from './rules/attachment-rules.js';
import { autoscalerRules } from './rules/autoscaler-rules.js';
import { autoscalerSizeRules } from './rules/autoscaler-size-rules.js';
import { certificateRules } from './rules/certificate-rules.js';
import { claimRules } from './rules/claim-rules.js';
import { configRules } from './rules/config-rules.js';
import { containerSecurityRules } from './rules/container-security-rules.js';
import { definitionRules } from './rules/definition-rules.js';
import { disruptionRules } from './rules/disruption-rules.js';
import { entranceRules } from './rules/entrance-rules.js';
import { exposureRules } from './rules/exposure-rules.js';
import { fieldRules } from './rules/field-rules.js';
import { hostRules } from './rules/host-rules.js';
import { kedaRules } from './rules/keda-rules.js';
import { kindRules } from './rules/kind-rules.js';
import { limitRangeRules } from './rules/limit-range-rules.js';
import { meshIdentityRules } from './rules/mesh-identity-rules.js';
import { meshRules } from './rules/mesh-rules.js';
import { metricRules } from './rules/metric-rules.js';
import { monitorRules } from './rules/monitor-rules.js';
import { namespaceRules } from './rules/namespace-rules.js';
import { networkRules } from './rules/network-rules.js';
import { objectRules } from './rules/object-rules.js';
import { peerRules } from './rules/peer-rules.js';
import { permissionRules } from './rules/permission-rules.js';
import { policyPortRules } from './rules/policy-port-rules.js';
import { probeRules } from './rules/probe-rules.js';
import { prometheusRuleRules } from './rules/prometheus-rules.js';
import { quotaRules } from './rules/quota-rules.js';
import { referenceRules } from './rules/reference-rules.js';
import { requiredRules } from './rules/required-rules.js';
import { resourceRules } from './rules/resource-rules.js';
import { rolloutRules } from './rules/rollout-rules.js';
import { routeRules } from './rules/route-rules.js';
import { scheduleRules } from './rules/schedule-rules.js';
import { schedulingRules } from './rules/scheduling-rules.js';
import { secretFormRules } from './rules/secret-form-rules.js';
import { secretRules } from './rules/secret-rules.js';
import { selectorRules } from './rules/selector-rules.js';
import { serviceRules } from './rules/service-rules.js';
import { spreadRules } from './rules/spread-rules.js';
import { subsetRules } from './rules/subset-rules.js';
import { valueRules } from './rules/value-rules.js';
import { variableRules } from './rules/variable-rules.js';

/** Everything that manifests are held to: `armature check`, synthesis (`checkOnSynth`) and whoever else asks use this one table. */
export const rules: readonly Rule[] = [
  ...objectRules,
  ...kindRules,
  ...valueRules,
  ...requiredRules,
  ...fieldRules,
  ...namespaceRules,
  ...serviceRules,
  ...selectorRules,
  ...spreadRules,
  ...schedulingRules,
  ...referenceRules,
  ...claimRules,
  ...configRules,
  ...variableRules,
  ...accessRules,
  ...permissionRules,
  ...definitionRules,
  ...autoscalerRules,
  ...autoscalerSizeRules,
  ...metricRules,
  ...kedaRules,
  ...prometheusRuleRules,
  ...monitorRules,
  ...meshRules,
  ...routeRules,
  ...subsetRules,
  ...attachmentRules,
  ...meshIdentityRules,
  ...networkRules,
  ...peerRules,
  ...policyPortRules,
  ...containerSecurityRules,
  ...hostRules,
  ...secretRules,
  ...secretFormRules,
  ...exposureRules,
  ...entranceRules,
  ...certificateRules,
  ...probeRules,
  ...resourceRules,
  ...scheduleRules,
  ...limitRangeRules,
  ...quotaRules,
  ...disruptionRules,
  ...rolloutRules,
];
