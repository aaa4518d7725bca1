import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CheckUsageError, check } from './check.js';
import { textReport } from './check-report.js';
import { synth } from './synth.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'armature-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: team }\nspec: { clusterIP: None, selector: { app: ${name} } }\n`;
}

function job(name: string): string {
  return `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, namespace: team }\nspec: { template: { metadata: { labels: { app: ${name} } }, spec: { priority: 1, containers: [] } } }\n`;
}

/** `file object rule` of each error; the objects say no more than the test needs. */
function found(): string[] {
  return check(folder, ['missing-field'])
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ file = '', object, rule }) => `${file.slice(folder.length + 1)} ${object} ${rule}`);
}

/** What is asked of manifests for safety's sake and against outages; who writes ordinary ones has not thought of it, and their cluster takes them. */
const HABITS = [
  ...['automounted-token', 'capabilities-not-dropped', 'hpa-behavior', 'no-disruption-budget', 'no-liveness-probe'],
  ...[
    'no-network-policy',
    'no-pod-security',
    'no-readiness-probe',
    'no-spread',
    'port-protocol',
    'priority-class-name',
  ],
  ...[
    'privilege-escalation-container',
    'privileged-container',
    'recreate-strategy',
    'run-as-non-root',
    'seccomp-profile',
  ],
  ...['secret-in-manifests', 'sensitive-host-mounts', 'unset-resources', 'writable-root-filesystem'],
];

describe('check', () => {
  test('has nothing but habits against manifests as other people write them', () => {
    const { findings, objects } = check('test/support/ordinary-manifests.yaml');
    expect(objects).toBeGreaterThan(40);
    expect(findings.filter(({ rule }) => !HABITS.includes(rule))).toEqual([]);
  });

  test('reads every document of every file, sub-folders, lists and JSON included, in the order of their paths', () => {
    write('b/two.yml', `# first\n${service('a')}---\n${service('b')}...\n---\n# nothing\n---\n`);
    write(
      'a.json',
      JSON.stringify(
        {
          apiVersion: 'v1',
          kind: 'List',
          items: [
            {
              apiVersion: 'v1',
              kind: 'Service',
              metadata: { name: 'c', namespace: 'team' },
              spec: { clusterIP: 'None', selector: { app: 'c' } },
            },
          ],
        },
        null,
        '\t',
      ),
    );
    write('notes.txt', 'not: [read');
    write('.git/x.yaml', 'not: [read');
    expect(found()).toEqual([
      'a.json Service/team/c dangling-service',
      'b/two.yml Service/team/a dangling-service',
      'b/two.yml Service/team/b dangling-service',
    ]);
    expect(check(folder)).toMatchObject({ objects: 3, errors: 3, warnings: 0 });
  });

  test('finds what one file names in another', () => {
    write('service.yaml', service('a'));
    write('jobs/job.yaml', job('a'));
    expect(found()).toEqual([]);
  });

  test('checks sub-folders one by one where they hold the same object', () => {
    write('staging/all.yaml', `${service('a')}---\n${job('a')}`);
    write('production/all.yaml', service('a'));
    expect(found()).toEqual(['production/all.yaml Service/team/a dangling-service']);
  });

  test('tells the file and the line of what is not YAML, and goes on with the next document', () => {
    write('broken.yaml', `${service('a')}---\nkind: [\n---\n${service('b')}`);
    const [broken, ...others] = check(folder).findings;
    expect(broken).toMatchObject({ rule: 'unreadable-manifest', severity: 'error', file: join(folder, 'broken.yaml') });
    expect(broken?.object).toMatch(/^line [67]$/);
    expect(others.map(({ object }) => object)).toEqual(['Service/team/a', 'Service/team/b']);
  });

  test.each(['just text', '- 1', '7', 'metadata: { name: a }', 'kind: 7\napiVersion: v1', '{{ helm }}: x', '"\\x"'])(
    'tells the line of a document that is no object: %j',
    (text) => {
      write('a.yaml', `${service('a')}---\n${text}\n`);
      const [finding] = check(folder).findings;
      expect(finding).toMatchObject({ rule: 'unreadable-manifest' });
      expect(finding?.object).toMatch(/^line [567]$/);
    },
  );

  test('tells the construct and the line of code that made what synthesis wrote', () => {
    const path = join(folder, 'local', '04-services.yaml');
    synth({ out: folder, env: 'local' });
    writeFileSync(path, readFileSync(path, 'utf8').replace('http://chat:', 'http://chatt:'));
    const [finding, ...others] = check(join(folder, 'local')).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'dangling-url', constructPath: 'local/04-services/gateway/v1/deployment' });
    expect(finding?.sourceLine).toMatch(/^stacks\/platform-workloads\.ts:\d+$/);
    expect(textReport(check(join(folder, 'local')))).toContain(`Made by: ${finding?.constructPath} (stacks/`);
  });

  test('leaves out the rules that are skipped', () => {
    write('a.yaml', service('a'));
    expect(check(folder, ['dangling-service']).findings).toEqual([]);
  });

  test('refuses a rule, a folder or an empty folder that there is no checking with', () => {
    expect(() => check(folder)).toThrow(CheckUsageError);
    expect(() => check(join(folder, 'gone'))).toThrow(/Cannot read ".*gone"/);
    write('a.yaml', service('a'));
    expect(() => check(folder, ['late-tag'])).toThrow('no rule "late-tag". There are: duplicate-object, ');
  });
});

describe('textReport', () => {
  test('gives a finding two lines under its file, and the totals last', () => {
    write('a.yaml', service('a'));
    expect(textReport(check(folder)).replaceAll(folder, 'DIR')).toBe(
      [
        'DIR/a.yaml',
        '  error   Service/team/a  dangling-service: no pod of namespace "team" has the labels app=a.',
        '          Fix: make spec.selector equal to labels of the pod template that shall serve.',
        '',
        '1 error, 0 warnings in 1 object',
        '',
      ].join('\n'),
    );
  });
});
