// The status page: asks the gateway every few seconds and fills the tables. The token stays in this tab.
const REFRESH_MS = 3000;
const element = (id) => document.getElementById(id);
let token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
let timer;

element('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  token = element('token').value.trim();
  refresh();
});
if (token !== '') refresh();

async function refresh() {
  clearTimeout(timer);
  try {
    const response = await fetch('/console/status', { headers: { authorization: `Bearer ${token}` } });
    const body = await response.json();
    if (response.ok) show(body);
    else element('message').textContent = body.error.message;
    element('sign-in').hidden = response.ok;
    if (response.status === 401) return;
  } catch {
    element('message').textContent = 'The gateway does not answer; trying again.';
  }
  timer = setTimeout(refresh, REFRESH_MS);
}

function show({ at, services, queues, spending, experiments }) {
  element('status').hidden = false;
  element('message').textContent = `As of ${new Date(at).toLocaleTimeString()}.`;
  fill(
    'services',
    services.map(({ name, ready, reason, answer_ms: ms }) => [
      name,
      { text: ready ? 'ready' : `not ready: ${reason}`, bad: !ready },
      `${Math.round(ms)} ms`,
    ]),
  );
  fill('queues', Object.entries(queues ?? {}));
  fill(
    'spending',
    (spending ?? []).map((row) => [row.model, row.calls, row.input_tokens, row.output_tokens, row.cost_usd.toFixed(6)]),
  );
  fill(
    'experiments',
    (experiments ?? []).flatMap(({ name, variants }) =>
      variants.map((variant) => [
        name,
        variant.name,
        variant.share,
        variant.units,
        variant.mean?.toFixed(3) ?? 'no values',
      ]),
    ),
  );
}

function fill(id, rows) {
  element(id).replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement('tr');
      for (const cell of cells) {
        const data = document.createElement('td');
        data.textContent = typeof cell === 'object' ? cell.text : cell;
        data.classList.toggle('bad', typeof cell === 'object' && cell.bad);
        row.append(data);
      }
      return row;
    }),
  );
}
