/** Writes objects as YAML with nothing but string concatenation: `node yaml-by-hand.js OBJECTS.json OUT`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [, , objectsFile = '', out = ''] = process.argv;
/** @type {Record<string, unknown[]>} */
const manifests = JSON.parse(readFileSync(objectsFile, 'utf8'));

for (const [file, objects] of Object.entries(manifests)) {
  const path = join(out, `${file}.k8s.yaml`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, objects.map((object) => `---${block(object, '')}\n`).join(''));
}

/**
 * @param {unknown} value
 * @param {string} indent
 * @returns {string}
 */
function block(value, indent) {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `\n${indent}-${block(item, `${indent}  `)}`).join('');
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    return Object.entries(value)
      .map(([key, item]) => `\n${indent}${JSON.stringify(key)}:${block(item, `${indent}  `)}`)
      .join('');
  }
  return ` ${JSON.stringify(value)}`;
}
