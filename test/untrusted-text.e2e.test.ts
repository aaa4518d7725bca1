import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedPlatform, startPlatform } from '../app/embedded/start-platform.js';
import { requestLimits } from '../contract/index.js';
import { askPlatform } from './support/ask-platform.js';

/** Stands in every prompt and document here, and nowhere else. */
const CANARY = 'canary-5093-quetzal';
const SQL = `'; drop table documents; -- "${CANARY}" OR 1=1 NEAR(* AND`;
const HTML = `<script>alert('${CANARY}')</script><img src=x onerror=alert(1)>`;
const SHELL = `$(touch /tmp/${CANARY}); \`id\` | cat ${CANARY}`;

describe('what users send as text', () => {
  let platform: EmbeddedPlatform;
  const lines: string[] = [];

  const request = (method: string, path: string, body?: unknown) => askPlatform(platform, path, { method, body });
  const upload = (text: string, source: string, contentType = 'text/plain') =>
    askPlatform(platform, `/api/documents?${new URLSearchParams({ source })}`, {
      body: new TextEncoder().encode(text),
      headers: { 'content-type': contentType },
    });

  beforeAll(async () => {
    const logLines = { write: (line: string) => void lines.push(line) };
    platform = await startPlatform({ port: 0, logLevel: 'info', logLines, env: {}, clock: Date.now });
  });
  afterAll(() => platform.close());

  it('stands in no line of the logs, whether it is answered or refused', async () => {
    const statuses = await Promise.all([
      upload(`The word is ${CANARY}.`, 'word.txt'),
      upload(`\u0000 ${CANARY}`, 'broken.pdf', 'application/pdf'),
      request('POST', '/api/chat', { session: 's1', message: `What is ${CANARY}?` }),
      request('POST', '/api/chat', { session: 's1', message: `${CANARY} again`, model: 'gpt-9' }),
      request('POST', '/api/chat', { session: 's1', message: CANARY.repeat(requestLimits.messageCharacters / 10) }),
      request('POST', '/api/chat', { session: 's1', text: CANARY }),
      request('POST', '/api/search', { query: CANARY }),
      request('POST', '/api/agent', { task: `Calculate 1 / 0 and look up ${CANARY}.` }),
      request('POST', '/api/embeddings', { texts: [CANARY] }),
      request('POST', '/v1/route', { prompt: CANARY }),
      request('POST', '/v1/embeddings', { input: CANARY }),
      request('POST', '/v1/chat/completions', { model: 'auto-rag', messages: [{ role: 'user', content: CANARY }] }),
      request('POST', '/v1/chat/completions', { stream: true, messages: [{ role: 'user', content: CANARY }] }),
      request('POST', '/v1/chat/completions', { messages: [{ role: 'nobody', content: CANARY }] }),
    ]);
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([200, 202, 400, 404, 422]));
    // It is these lines that are looked at, and each is found by the trace of its request.
    const failures = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'task failed');
    expect(failures.length).toBeGreaterThan(0);
    for (const { traceId } of failures) expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.filter((line) => line.includes(CANARY))).toEqual([]);
  });

  it('is data to the stores: SQL and the syntax of text search change nothing and come back as they were sent', async () => {
    const uploaded = (await upload(SQL, SQL)).json();
    const before = (await request('GET', '/api/documents')).json().documents;
    for (const text of [SQL, HTML, SHELL, '"', "'", '%_\\', '*', 'a" NEAR/3 "b']) {
      const found = await request('POST', '/api/search', { query: text, filter: { "a' or 'b": SQL } });
      expect([text, found.status]).toEqual([text, 200]);
      expect([text, (await request('POST', '/api/chat', { session: 's-sql', message: text })).status]).toEqual([
        text,
        200,
      ]);
      const hostile = encodeURIComponent(`${text}/../x`);
      expect([text, (await request('DELETE', `/api/documents/${hostile}`)).status]).toEqual([text, 404]);
    }
    expect((await request('POST', '/api/search', { query: '\u0000' })).status).toBe(400);
    expect((await request('GET', '/api/documents')).json().documents).toEqual(before);
    const said = (await request('GET', '/api/sessions/s-sql?max_messages=50')).json().messages as {
      content: string;
    }[];
    expect(said.map(({ content }) => content)).toEqual(expect.arrayContaining([SQL, HTML, SHELL]));
    const original = await request('GET', `/api/documents/${uploaded.document_id}/original`);
    expect(original.text).toBe(SQL);
  });

  it('is no page of ours: HTML comes back as JSON or as a file to keep, in which nothing runs', async () => {
    for (const [source, type] of [
      ['page.html', 'text/html'],
      ['page.md', 'text/markdown'],
    ] as const) {
      const { document_id: id } = (await upload(`# Page\n\n${HTML} ${CANARY}`, source, type)).json();
      const { headers, text } = await request('GET', `/api/documents/${id}/original`);
      expect(text).toContain(HTML);
      expect(headers.get('content-disposition')).toMatch(/^attachment/);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    for (const answer of [
      await request('POST', '/api/chat', { session: 's-html', message: `What is ${HTML}?` }),
      await request('POST', '/api/search', { query: HTML }),
      await request('GET', '/api/sessions/s-html'),
      await request('GET', `/${encodeURIComponent(HTML)}`),
    ]) {
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('is text to the console, which makes no HTML of what it shows and may run no script but its own', async () => {
    const script = await readFile(new URL('../app/console/console.js', import.meta.url), 'utf8');
    expect(script).toContain('textContent');
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|DOMParser|srcdoc/,
    );
    const policy = (await request('GET', '/console')).headers.get('content-security-policy') ?? '';
    const scripts = policy.split(';').filter((rule) => rule.startsWith('script-src'));
    expect(scripts).toEqual(["script-src 'self'", "script-src-attr 'none'"]);
  });

  it('meets no shell: nothing of the application starts a program', async () => {
    const app = new URL('../app/', import.meta.url);
    const sources = (await readdir(app, { recursive: true })).filter((name) => /(?<!\.test)\.[jt]s$/.test(name));
    expect(sources.length).toBeGreaterThan(100);
    const starts = await Promise.all(
      sources.map(async (name) => /child_process|execFile|spawn\(/.test(await readFile(new URL(name, app), 'utf8'))),
    );
    expect(sources.filter((_, i) => starts[i])).toEqual([]);
  });
});
