import type { Fact } from './facts.js';
import { type Literal, literalsOf } from './literals.js';

/** A fact of the contract that a source states again. */
export interface Restatement {
  readonly path: string;
  readonly line: number;
  readonly fact: Fact;
}

/** Finds the contract's facts among the literals of a source. */
export function restatedFacts(path: string, source: string, facts: readonly Fact[]): Restatement[] {
  // Longest first: `http://chat:8081` is one fact there, not a URL and a port.
  const bySize = [...facts].sort((a, b) => b.text.length - a.text.length);
  return literalsOf(path, source).flatMap((literal) =>
    factsStatedBy(literal, bySize).map((fact) => ({ path, line: literal.line, fact })),
  );
}

function factsStatedBy(literal: Literal, facts: readonly Fact[]): Fact[] {
  if (literal.kind === 'number') return facts.filter((fact) => fact.kind === 'port' && fact.text === literal.text);
  if (literal.kind === 'property') {
    return facts.filter((fact) => fact.kind === 'setting' && fact.text === literal.text);
  }
  const stated: Fact[] = [];
  let rest = literal.text;
  for (const fact of facts) {
    const without = rest.replace(statement(fact), ' ');
    if (without !== rest) stated.push(fact);
    rest = without;
  }
  return stated;
}

/** The text that states a fact: on its own, or within a longer one where it cannot be mistaken for a plain word. */
function statement({ kind, text }: Fact): RegExp {
  const name = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (kind === 'port') return new RegExp(`(^|:)${name}(?!\\d)`, 'g');
  if (kind === 'metric') return new RegExp(`(?<!\\w)${name}(_bucket|_count|_sum)?(?!\\w)`, 'g');
  if (kind === 'setting' && text.includes('_')) return new RegExp(`(?<!\\w)${name}(_FILE)?(?!\\w)`, 'g');
  if (/^\w+$/.test(text)) return new RegExp(`^${name}$`, 'g');
  return new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'gi');
}
