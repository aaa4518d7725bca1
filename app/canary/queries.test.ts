import { expect, it } from '@jest/globals';
import { answerScore, canaryPolicy, scoredAnswers } from '../../contract/index.js';
import { baselineQueries, sampleQueries, slowAboveSeconds } from './queries.js';

const traffic = (version: string) => `job="chat",version="${version}",endpoint!~"/health|/ready|/metrics"`;
const v2 = traffic('v2');
const orZeroWhileUp = (query: string, version = 'v2') =>
  `(${query}) >= 0 or 0 * max (up{job="chat",version="${version}"} == 1)`;

it('asks how many requests the canary answered and how many failed, probes and scrapes left out', () => {
  const { requests, errors } = sampleQueries('chat', 60, 0.8, canaryPolicy);
  expect(requests).toBe(orZeroWhileUp(`sum (rate(http_requests_total{${v2}}[75s]))`));
  expect(errors).toBe(orZeroWhileUp(`sum (rate(http_requests_total{${v2},status=~"5.."}[75s]))`));
});

it('asks for the requests above the bucket that reaches 1.5 x the stable p99', () => {
  expect(sampleQueries('chat', 60, 0.8, canaryPolicy).slow).toBe(
    orZeroWhileUp(
      `sum (rate(http_request_duration_seconds_count{${v2}}[75s])) - ` +
        `sum (rate(http_request_duration_seconds_bucket{${v2},le="1.25"}[75s]))`,
    ),
  );
});

it('asks for the answers and their values where there is a business metric', () => {
  const businessMetric = { values: 'llm_cost_dollars_total', answers: 'llm_answers_total' };
  const asked = sampleQueries('chat', 60, 0.8, { ...canaryPolicy, businessMetric });
  const { answers, values } = asked;
  const pods = 'job="chat",version="v2"';
  expect(answers).toBe(orZeroWhileUp(`sum (rate(llm_answers_total{${pods}}[75s]))`));
  expect(values).toBe(orZeroWhileUp(`sum (rate(llm_cost_dollars_total{${pods}}[75s]))`));
  expect(sampleQueries('chat', 60, 0.8, canaryPolicy)).not.toHaveProperty('answers');
});

it('asks every pod for the values of answers that name the release which made them', () => {
  const businessMetric = { values: answerScore.name, answers: scoredAnswers.name, releaseLabel: 'answered_by' };
  const { answers, values } = sampleQueries('orchestrator', 60, 0.8, { ...canaryPolicy, businessMetric });
  const ofCanary = 'job="orchestrator",answered_by="v2"';
  const up = '0 * max (up{job="orchestrator",version="v2"} == 1)';
  expect(answers).toBe(`(sum (rate(${scoredAnswers.name}{${ofCanary}}[75s]))) >= 0 or ${up}`);
  expect(values).toBe(`(sum (rate(${answerScore.name}{${ofCanary}}[75s]))) >= 0 or ${up}`);
});

it('finds a bound of whole seconds as Prometheus 2 and 3 write it', () => {
  expect(sampleQueries('chat', 60, 2, canaryPolicy).slow).toContain('le=~"3([.]0)?"');
});

it('asks for the p99 of the stable pods, and how many requests it rests on', () => {
  const v1 = traffic('v1');
  expect(baselineQueries('chat', canaryPolicy)).toEqual({
    p99Seconds: orZeroWhileUp(
      `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{${v1}}[600s])))`,
      'v1',
    ),
    requestRate: orZeroWhileUp(`sum (rate(http_request_duration_seconds_count{${v1}}[600s]))`, 'v1'),
  });
});

it('never takes a limit below 1.5 x the stable p99, and none beyond the last bucket', () => {
  expect([0.2, 0.21, 20, 20.1].map((p99) => slowAboveSeconds(p99, canaryPolicy))).toEqual([0.33, 0.33, 30, undefined]);
  expect(sampleQueries('chat', 60, 20.1, canaryPolicy).slow).toBeNull();
  expect(sampleQueries('chat', 60, null, canaryPolicy).slow).toBeNull();
});
