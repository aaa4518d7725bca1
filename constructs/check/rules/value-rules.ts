import { entryOf, type Fields } from '../field.js';
import { commonFields, type FieldForms } from '../field-forms.js';
import type { Problem, Rule } from '../finding.js';
import { kindForms } from '../kind-forms.js';
import type { KubeObject } from '../kube-object.js';
import { placesAt } from '../places.js';
import { podFields, restartPolicies } from '../pod-forms.js';

/** Every field that does not take what stands in it. Of `null` the API server makes a field that is not there. */
function misfits(object: KubeObject, root: Fields, forms: FieldForms): Problem[] {
  return Object.entries(forms).flatMap(([path, { accepts, fix }]) =>
    placesAt(root, path)
      .filter(({ value }) => value !== null && !accepts(value))
      .map((place) => ({ object, message: `${place.path} is ${shown(object, place.value)}.`, fix })),
  );
}

function shown({ kind }: KubeObject, value: unknown): string {
  return kind === 'Secret' ? '(a secret)' : JSON.stringify(value);
}

export const valueRules: readonly Rule[] = [
  {
    id: 'invalid-value',
    severity: 'error',
    why: 'A value that is not of its field’s form is refused by the API server or by whoever reads it, or means something else.',
    fix: 'write it as the field takes it; each finding says how.',
    find: ({ objects, pods }) => [
      ...objects.flatMap((object) =>
        misfits(object, object.value, { ...commonFields, ...entryOf(kindForms, object.kind) }),
      ),
      ...pods.flatMap(({ owner, spec }) => {
        const restart = entryOf(restartPolicies, owner.kind);
        return misfits(owner, spec, { ...podFields, ...(restart && { restartPolicy: restart }) });
      }),
    ],
  },
];
