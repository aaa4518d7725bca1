import { isMapping, listAt, mapAt, textAt, textsAt } from '../../../constructs/check/field.js';
import { resourcePolicy } from './resource-policy.js';

const DOCUMENTS: Readonly<Record<string, string>> = {
  'aws:iam/rolePolicy:RolePolicy': 'policy',
  'aws:iam/policy:Policy': 'policy',
  'aws:iam/userPolicy:UserPolicy': 'policy',
  'aws:iam/groupPolicy:GroupPolicy': 'policy',
};
/** AWS's own policies that let their holder do everything, or everything with one service. */
const BROAD_POLICIES = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$/;
/** Actions that change nothing. AWS lets many of them be granted on all resources only. */
const READS = /:(Describe|Get|List)[A-Za-z]*$/;
/** Of those, the ones that give out what is kept: of all of it is as bad as a change. */
const READS_DATA =
  /:Get(Object\w*|SecretValue|Parameters?\w*|Item|Records|LogEvents|PasswordData|SessionToken|FederationToken)$/;

/** Roles may do what they are for. */
export const narrowIam = resourcePolicy({
  name: 'no-wildcard-iam',
  description: 'A role that may do everything makes every mistake in what holds it a loss of the whole account.',
  remediationSteps: 'name the actions, and of those that change something the resources too.',
  faults: ({ type, props }) => {
    if (!type.startsWith('aws:iam/')) return [];
    const attached = [textAt(props, 'policyArn') ?? '', ...textsAt(props, 'managedPolicyArns')];
    const document = DOCUMENTS[type];
    const documents = [
      ...(document === undefined ? [] : [props[document]]),
      ...listAt(props, 'inlinePolicies').map((policy) => textAt(policy, 'policy')),
    ];
    return [
      ...attached
        .filter((arn) => BROAD_POLICIES.test(arn))
        .map((arn) => `grants ${arn.slice(arn.lastIndexOf('/') + 1)}`),
      ...documents.flatMap(statementsOf).flatMap(statementFaults),
      ...statementsOf(props.assumeRolePolicy)
        .filter(isForAnybody)
        .map(() => 'can be taken by anybody'),
    ];
  },
});

function statementsOf(document: unknown): readonly unknown[] {
  const policy: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  if (!isMapping(policy)) return [];
  return Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
}

function statementFaults(statement: unknown): readonly string[] {
  if (textAt(statement, 'Effect') !== 'Allow') return [];
  const actions = oneOrMany(statement, 'Action');
  const isEverywhere = oneOrMany(statement, 'Resource').includes('*');
  for (const key of ['NotAction', 'NotResource']) {
    if (oneOrMany(statement, key).length > 0) return [`allows whatever it does not name (${key})`];
  }
  return [
    ...actions.filter((action) => action.includes('*')).map((action) => `allows "${action}"`),
    ...actions
      .filter((action) => !action.includes('*') && isEverywhere && (!READS.test(action) || READS_DATA.test(action)))
      .map((action) => `allows "${action}" on every resource`),
  ];
}

/** A trust that names nobody, and asks nothing either. */
function isForAnybody(statement: unknown): boolean {
  if (textAt(statement, 'Effect') !== 'Allow' || Object.keys(mapAt(statement, 'Condition')).length > 0) return false;
  return [...oneOrMany(statement, 'Principal'), ...oneOrMany(mapAt(statement, 'Principal'), 'AWS')].includes('*');
}

function oneOrMany(statement: unknown, key: string): readonly string[] {
  const one = textAt(statement, key);
  return one === undefined ? textsAt(statement, key) : [one];
}
