import { describe, expect, test } from '@jest/globals';
import type { Fact } from './facts.js';
import { restatedFacts } from './restated-facts.js';

const FACTS: readonly Fact[] = [
  { kind: 'port', text: '4001', contractName: 'ports.chat' },
  { kind: 'url', text: 'http://chat:4001', contractName: 'serviceUrl(chat)' },
  { kind: 'queue', text: 'jobs.high', contractName: 'jobs.queues[0].name' },
  { kind: 'exchange', text: 'jobs', contractName: 'jobs.exchange' },
  { kind: 'metric', text: 'jobs_total', contractName: 'jobsTotal.name' },
  { kind: 'setting', text: 'JOB_LIMIT', contractName: 'jobSettings.limit.env' },
  { kind: 'setting', text: 'HOST', contractName: 'processSettings.host.env' },
  { kind: 'header', text: 'x-job-owner', contractName: 'jobHeaders.owner' },
  { kind: 'header', text: 'traceparent', contractName: 'TRACE_HEADER' },
];

function found(source: string): string[] {
  return restatedFacts('app/example.ts', source, FACTS).map(({ fact }) => fact.contractName);
}

describe('a fact is found', () => {
  test.each([
    ['a port as a number', 'listen(4001);', 'ports.chat'],
    ['a port as a number with separators', 'listen(4_001);', 'ports.chat'],
    ['a port as text', "listen('4001');", 'ports.chat'],
    ['a port in an address', "connect('localhost:4001/x');", 'ports.chat'],
    ['a port in a template', `connect(\`\${host}:4001\`);`, 'ports.chat'],
    ['a URL, once', "fetch('http://chat:4001/api');", 'serviceUrl(chat)'],
    ['a queue', "consume('jobs.high');", 'jobs.queues[0].name'],
    ['an exchange', "publish('jobs');", 'jobs.exchange'],
    ['a metric', "read('jobs_total');", 'jobsTotal.name'],
    ['a metric in an expression', "query('sum(rate(jobs_total[1m]))');", 'jobsTotal.name'],
    ["a histogram's series", "query('jobs_total_bucket');", 'jobsTotal.name'],
    ['a setting as text', "read('JOB_LIMIT');", 'jobSettings.limit.env'],
    ['a setting read from the environment', 'process.env.JOB_LIMIT;', 'jobSettings.limit.env'],
    ['a setting that is a plain word', 'process.env.HOST;', 'processSettings.host.env'],
    ['a setting as a key', "const env = { JOB_LIMIT: '1' };", 'jobSettings.limit.env'],
    ['the file of a setting', "read('JOB_LIMIT_FILE');", 'jobSettings.limit.env'],
    ['a header as a key', "const headers = { 'x-job-owner': owner };", 'jobHeaders.owner'],
    ['a header in capitals', "get('X-Job-Owner');", 'jobHeaders.owner'],
    ['a header as a property', 'request.headers.traceparent;', 'TRACE_HEADER'],
    ['a header as a type', "type Name = 'traceparent';", 'TRACE_HEADER'],
  ])('%s', (_, source, contractName) => {
    expect(found(source)).toEqual([contractName]);
  });

  test('with its line', () => {
    expect(restatedFacts('app/example.ts', "\n// one\nlisten('4001');\n", FACTS)).toMatchObject([
      { path: 'app/example.ts', line: 3 },
    ]);
  });

  test('as often as it is stated', () => {
    expect(found("send('jobs_total', 'JOB_LIMIT', `traceparent`);")).toHaveLength(3);
  });
});

describe('no fact is found', () => {
  test.each([
    ['in a comment', '// http://chat:4001, jobs.high, JOB_LIMIT\nstart();'],
    ['in the name of a module', "import { x } from './jobs';\nexport * from 'jobs';"],
    ['in a longer number', "wait(40010); connect('localhost:40012');"],
    ['in a longer name', "read('other_jobs_total', 'JOB_LIMITS', 'MY_JOB_LIMIT', 'x-job-owners', 'jobs.higher');"],
    ['in a sentence with a plain word', "say('the jobs of this HOST');"],
    ['in a plain field', 'task.traceparent;'],
    ['where the contract is used', 'listen(ports.chat);'],
  ])('%s', (_, source) => {
    expect(found(source)).toEqual([]);
  });
});
