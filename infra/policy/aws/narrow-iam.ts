import { isMapping, listAt, textAt, textsAt } from '../../../constructs/check/field.js';
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

/** Roles may do what they are for. */
export const narrowIam = resourcePolicy({
  name: 'no-wildcard-iam',
  description: 'A role that may do everything makes every mistake in what holds it a loss of the whole account.',
  remediationSteps: 'name the actions, and of those that change something the resources too.',
  faults: ({ type, props }) => {
    const attached = textAt(props, 'policyArn');
    if (type.startsWith('aws:iam/') && attached !== undefined && BROAD_POLICIES.test(attached)) {
      return [`grants ${attached.slice(attached.lastIndexOf('/') + 1)}`];
    }
    const document = DOCUMENTS[type];
    return document === undefined ? [] : statementsOf(props[document]).flatMap(statementFaults);
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
  if (listAt(statement, 'NotAction').length > 0) return ['allows whatever it does not name (NotAction)'];
  return [
    ...actions.filter((action) => action.includes('*')).map((action) => `allows "${action}"`),
    ...actions
      .filter((action) => !action.includes('*') && isEverywhere && !READS.test(action))
      .map((action) => `allows "${action}" on every resource`),
  ];
}

function oneOrMany(statement: unknown, key: string): readonly string[] {
  const one = textAt(statement, key);
  return one === undefined ? textsAt(statement, key) : [one];
}
