import { dump } from 'js-yaml';

/**
 * YAML of the documents, each with its keys in the order given. Strings that YAML 1.1 would read as something else (`on`, `0777`,
 * `12:30`) are quoted: kubectl reads that version.
 *
 * @throws if a value is none that YAML knows, `undefined` included
 */
export function yamlOf(...documents: readonly unknown[]): string {
  return documents.map((document) => dump(document, { noRefs: true, lineWidth: -1 })).join('---\n');
}
