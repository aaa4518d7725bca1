import ts from 'typescript';

/** A piece of text or a number that a source states, and where. */
export interface Literal {
  readonly kind: 'text' | 'number' | 'property';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Every literal of a TypeScript source; comments and the names of modules are not among them. */
export function literalsOf(path: string, source: string): Literal[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false);
  const literals: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (namesModule(node)) return;
    const literal = literalOf(node);
    if (literal !== undefined) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      literals.push({ ...literal, line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return literals;
}

function literalOf(node: ts.Node): Omit<Literal, 'line'> | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
    return { kind: 'text', text: node.text };
  }
  // `text` of a numeric literal is the number itself: 8_081 and 0x1f91 read 8081.
  if (ts.isNumericLiteral(node)) return { kind: 'number', text: node.text };
  // `process.env.REDIS_URL`, `{ REDIS_URL: url }`
  if (ts.isPropertyAccessExpression(node)) {
    // `request.headers.traceparent` says what `request.headers['traceparent']` says.
    return { kind: isNamed(node.expression, 'headers') ? 'text' : 'property', text: node.name.text };
  }
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) return { kind: 'property', text: node.name.text };
  return undefined;
}

function isNamed(node: ts.Expression, name: string): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === name;
  return ts.isIdentifier(node) && node.text === name;
}

function namesModule(node: ts.Node): boolean {
  return ts.isImportDeclaration(node) || (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined);
}
