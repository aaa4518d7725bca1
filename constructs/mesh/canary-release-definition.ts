import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as z from 'zod';
import { canaryReleaseResource, canaryReleaseSpec, canaryReleaseStatus } from '../../contract/vocabulary/index.js';
import { markSourceLine } from '../source-line.js';

const { group, version, kind, plural, singular, shortName } = canaryReleaseResource;

/** A JSON schema, of what the kit's schemas make. */
type Schema = { [key: string]: unknown };

/** The definition of the CanaryRelease resource, made from the very schema by which the controller reads it. */
export class CanaryReleaseDefinition extends Construct {
  readonly definition: ApiObject;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    markSourceLine(this);
    this.definition = new ApiObject(this, 'definition', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular, listKind: `${kind}List`, shortNames: [shortName], categories: ['all'] },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            subresources: { status: {} },
            additionalPrinterColumns: printerColumns,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                required: ['spec'],
                properties: { spec: structural(canaryReleaseSpec), status: structural(canaryReleaseStatus) },
              },
            },
          },
        ],
      },
    });
  }
}

const printerColumns = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Stable', type: 'string', jsonPath: '.status.stable' },
  { name: 'Canary', type: 'string', jsonPath: '.status.canary' },
  { name: 'Percent', type: 'integer', jsonPath: '.status.percent' },
  { name: 'Mirrored', type: 'integer', jsonPath: '.status.mirrorPercent', priority: 1 },
  { name: 'Verdict', type: 'string', jsonPath: '.status.verdict', priority: 1 },
  { name: 'Reason', type: 'string', jsonPath: '.status.reason' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The schema as Kubernetes takes it, with the rules in CEL that it has for it: it prunes what it does not know by itself, and allows no word on that. */
function structural(schema: z.ZodType): Schema {
  return withoutClosing(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }) as Schema);
}

function withoutClosing(node: Schema): Schema {
  const { additionalProperties: _, $schema: __, ...kept } = node;
  const properties = kept.properties as Record<string, Schema> | undefined;
  return {
    ...kept,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withoutClosing(value)])),
    }),
    ...(kept.items !== undefined && { items: withoutClosing(kept.items as Schema) }),
  };
}
