import { writeFileSync } from 'node:fs';
import { LINTERS } from './check-fault.js';
import { checkFaults } from './check-faults.js';
import { compilerFaults } from './compiler-faults.js';
import { synthFaults } from './synth-faults.js';

/** The page `docs/seeded-faults.md`. */
export function faultTable(): string {
  const missed = LINTERS.map(
    (linter) => `${linter} ${checkFaults.filter(({ foundBy }) => !foundBy.includes(linter)).length}`,
  );
  const count = compilerFaults.length + synthFaults.length + checkFaults.length;
  return `# Seeded faults

${count} mistakes that people make, each made on purpose, and where it is refused: with a message that names the construct or object, the bad value and
the fix. \`test/seeded-faults\` makes them; \`npx tsx test/seeded-faults/table.ts\` writes this page, and a test holds it to the list.

## In manifests

Made in staging's manifests and found by \`armature check\`. The last columns are three linters, on the same files: \`finds\` where it reports more than without
the mistake, and a dash where it lets it through (\`npm run test:system -- seeded-faults\` asks them). Of ${checkFaults.length} they let through: ${missed.join(', ')}.

| mistake | rule | ${LINTERS.join(' | ')} |
| --- | --- | ${LINTERS.map(() => '---').join(' | ')} |
${checkFaults
  .map(({ fault, rule, foundBy }) => {
    const verdicts = LINTERS.map((linter) => (foundBy.includes(linter) ? 'finds' : '–'));
    return `| ${fault} | \`${rule}\` | ${verdicts.join(' | ')} |`;
  })
  .join('\n')}

## Before there are manifests

A linter of manifests never sees these: of some of them no manifest comes, and of the others one that looks right.

| mistake | refused by |
| --- | --- |
${[
  ...compilerFaults.map(({ fault }) => `| ${fault} | the compiler |`),
  ...synthFaults.map(({ fault }) => `| ${fault} | synthesis |`),
].join('\n')}
`;
}

if (process.argv[1]?.endsWith('seeded-faults/table.ts')) {
  writeFileSync(new URL('../../docs/seeded-faults.md', import.meta.url), faultTable());
}
