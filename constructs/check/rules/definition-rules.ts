import { at, listAt, textAt } from '../field.js';
import type { Rule } from '../finding.js';
import { objectRule } from './rule-forms.js';

/** What adds to the API, or stands before it. */
export const definitionRules: readonly Rule[] = [
  objectRule({
    kinds: ['CustomResourceDefinition'],
    id: 'invalid-definition',
    severity: 'error',
    why: 'The API server refuses a definition that is not named after what it defines, or not stored in one version.',
    fix: 'name it PLURAL.GROUP, and set storage: true, and served: true, for one version.',
    violation: ({ name, value }) => {
      const wanted = `${textAt(value, 'spec.names.plural') ?? ''}.${textAt(value, 'spec.group') ?? ''}`;
      const versions = listAt(value, 'spec.versions');
      const stored = versions.filter((version) => at(version, 'storage') === true).length;
      return [
        ...(name === wanted ? [] : [`metadata.name is "${name}", and it defines ${wanted}.`]),
        ...(versions.length === 0 || stored === 1 ? [] : [`${stored} of its ${versions.length} versions are stored.`]),
        ...(versions.length === 0 || versions.some((version) => at(version, 'served') === true)
          ? []
          : ['none of its versions is served.']),
      ];
    },
  }),
  objectRule({
    kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
    id: 'webhook-name',
    severity: 'error',
    why: 'The API server refuses a webhook whose name is no full name of a domain.',
    fix: 'name it as pods.policy.example.com.',
    violation: ({ value }) =>
      listAt(value, 'webhooks')
        .map((webhook) => textAt(webhook, 'name') ?? '')
        .filter((name) => name.split('.').length < 3)
        .map((name) => `a webhook is called "${name}".`),
  }),
];
