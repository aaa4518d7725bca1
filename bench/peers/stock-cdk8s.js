/** A cdk8s app without any construct of ours: `node stock-cdk8s.js OBJECTS.json OUT`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';

const [, , objectsFile = '', out = ''] = process.argv;
/** @type {Record<string, import('cdk8s').ApiObjectProps[]>} */
const manifests = JSON.parse(readFileSync(objectsFile, 'utf8'));

for (const [file, objects] of Object.entries(manifests)) {
  const steps = file.split('/');
  const app = new App({ outdir: join(out, ...steps.slice(0, -1)) });
  const chart = new Chart(app, steps.at(-1) ?? file);
  for (const [i, object] of objects.entries()) new ApiObject(chart, `object-${i}`, object);
  app.synth();
}
