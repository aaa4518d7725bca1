import { describe, expect, test } from '@jest/globals';
import * as contract from '../contract/index.js';
import { FACT_KINDS, type Fact, type FactKind, factsOf } from './facts.js';

const facts = factsOf(contract);

function names(kind: FactKind): Record<string, string> {
  return Object.fromEntries(facts.filter((fact) => fact.kind === kind).map((fact) => [fact.text, fact.contractName]));
}

describe('the facts of this contract', () => {
  test.each(FACT_KINDS)('there is a %s among them', (kind) => {
    expect(Object.keys(names(kind))).not.toHaveLength(0);
  });

  test('every port, setting, metric and queue is one', () => {
    const { ports, processSettings, services, stores, tasks, workQueueNames } = contract;
    expect(Object.keys(names('port'))).toEqual(
      expect.arrayContaining(
        Object.values(ports)
          .filter((port) => port >= 1024)
          .map(String),
      ),
    );
    expect(Object.keys(names('setting'))).toEqual(
      expect.arrayContaining(
        Object.values(services).flatMap(({ settings }) => Object.values(settings).map((setting) => setting.env)),
      ),
    );
    expect(Object.keys(names('metric'))).toEqual(
      expect.arrayContaining(
        [...Object.values(services), ...Object.values(stores)].flatMap(({ metrics }) =>
          metrics.map(({ name }) => name),
        ),
      ),
    );
    expect(Object.keys(names('queue'))).toEqual(
      expect.arrayContaining([...workQueueNames(tasks), tasks.deadLetterQueue]),
    );
    expect(names('setting')[processSettings.host.env]).toBe('processSettings.host.env');
  });

  test('headers are told by the name under which they are exported', () => {
    expect(names('header')).toMatchObject({
      [contract.REQUEST_ID_HEADER]: 'REQUEST_ID_HEADER',
      [contract.identityHeaders.user]: 'identityHeaders.user',
      [contract.canaryPolicy.betaHeader.name]: 'canaryPolicy.betaHeader.name',
    });
    expect(names('header')).not.toHaveProperty(contract.canaryPolicy.betaHeader.value);
  });
});

test('a fact with several names has the nearest', () => {
  const chat = { name: 'chat', port: 4001 };
  const expected: Fact[] = [
    { kind: 'url', text: 'http://chat:4001', contractName: 'serviceUrl(chat)' },
    { kind: 'port', text: '4001', contractName: 'chat.port' },
  ];
  expect(factsOf({ flows: [{ to: chat }], services: { chat }, chat })).toEqual(expected);
});

test('a number below 1024 is no fact: it is more likely a count', () => {
  expect(factsOf({ ports: { dns: 53, chat: 4001 } }).map((fact) => fact.text)).toEqual(['4001']);
});
