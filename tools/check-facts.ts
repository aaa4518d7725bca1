/** Fails when production code states a fact of the contract a second time. `npm run check` runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contract from '../contract/index.js';
import { factsOf } from './facts.js';
import { meansSomethingElse, OTHER_MEANINGS } from './other-meanings.js';
import { restatedFacts } from './restated-facts.js';
import { productionSources, projectFolder } from './sources.js';

const facts = factsOf(contract);
const sources = productionSources(projectFolder, ['app', 'constructs', 'stacks', 'cli', 'infra', 'sim']);
const found = sources.flatMap((path) => restatedFacts(path, readFileSync(join(projectFolder, path), 'utf8'), facts));
const restated = found.filter((one) => meansSomethingElse(one) === undefined);
const excuses = new Set(found.map(meansSomethingElse));
const unused = OTHER_MEANINGS.filter((other) => !excuses.has(other));

for (const { path, line, fact } of restated) {
  console.log(`${path}:${line}: ${fact.kind} ${fact.text} is stated by the contract: import ${fact.contractName}`);
}
for (const { path, text } of unused) {
  console.log(`tools/other-meanings.ts: nothing under ${path} reads "${text}" any more: remove the entry`);
}
console.log(`${facts.length} facts of the contract, ${sources.length} sources, ${restated.length} restated.`);
process.exitCode = restated.length + unused.length === 0 ? 0 : 1;
