// The page: who may look, which run, which view.

import { buttons, canAct } from './actions.js';
import { Refused, post } from './api.js';
import { choice, h, say } from './dom.js';
import { address, go, link, listen, loadRuns, open, store, tell } from './store.js';
import { layers } from './views/layers.js';
import { overview } from './views/overview.js';
import { compare, trial } from './views/trial.js';
import { trials } from './views/trials.js';
import { workers } from './views/workers.js';

const views = { overview, trials, layers, workers, trial, compare };
const named = [['overview', 'Overview'], ['trials', 'Trials'], ['layers', 'Layers'], ['workers', 'Workers and events']];

const head = document.getElementById('head'), main = document.getElementById('main');
let view = null, viewName = '', run = null, stopListening = null;

start();

async function start() {
  // A link may bring the token. It is taken out of the address before anything else, and is nowhere else afterwards.
  const token = address().get('token');
  if (token !== null) {
    go({ token: null }, { replace: true });
    try {
      await post('login', { token });
    } catch (error) {
      return askToken(error.message);
    }
  }
  try {
    await loadRuns();
  } catch (error) {
    return error instanceof Refused && error.status === 401 ? askToken('') : wait(error.message);
  }
  if (!store.runs.length) return wait('This orchestrator stands by; another one serves the run.');
  if (!stopListening) stopListening = listen(update);
  await show();
}

/** Tries again in a while. */
function wait(why) {
  head.replaceChildren();
  main.replaceChildren(h('div', { class: 'token' }, h('h1', { text: 'Rouser' }), h('p', { text: `${why}. The page tries again by itself.` })));
  setTimeout(start, 2000);
}

function askToken(why) {
  const input = h('input', { type: 'password', id: 'token', autocomplete: 'current-password', required: true });
  const said = h('p', { class: 'small', role: 'alert', text: why ? `Refused: ${why}.` : '' });
  const form = h('form', { onsubmit: async event => {
    event.preventDefault();
    try {
      await post('login', { token: input.value.trim() });
      input.value = '';
      main.replaceChildren();
      await start();
    } catch (error) {
      said.textContent = `Refused: ${error.message}.`;
      input.select();
    }
  } }, h('label', { for: 'token', text: 'Token of the orchestrator' }), input, said, h('button', { type: 'submit', class: 'main', text: 'Open the page' }));
  head.replaceChildren();
  main.replaceChildren(h('div', { class: 'token' }, h('h1', { text: 'Rouser' }),
    h('p', {}, 'The program says in which file the token is when it starts. Paste it once; this browser then remembers it for thirty days.'), form));
  input.focus();
}

async function show() {
  const wanted = address().get('run') ?? '0';
  if (wanted !== run) {
    run = wanted;
    view?.end?.();
    [view, viewName] = [null, ''];
    main.replaceChildren(h('p', { class: 'quiet', text: 'Loading …' }));
    try {
      await open(wanted);
    } catch (error) {
      run = null;
      if (error instanceof Refused && error.status === 401) return askToken('');
      main.replaceChildren(h('p', { class: 'note', text: error.message }));
      setTimeout(() => tell('address'), 2000);
      return;
    }
  }
  drawHead();
}

function update(words) {
  if (words.has('address') && (address().get('run') ?? '0') !== run) return void show();
  if (!store.plan || !store.totals) return;
  const name = views[address().get('view')] ? address().get('view') : 'overview';
  if (words.has('totals') || words.has('plan') || words.has('connection') || words.has('address')) drawHead();
  if (name !== viewName) {
    view?.end?.();
    view = views[name]();
    viewName = name;
    main.replaceChildren(view.element);
    words = new Set([...words, 'first', 'plan', 'rows', 'totals', 'workers', 'events', 'address']);
    scrollTo(0, 0);
  }
  view.update(words);
}

let headKey = '';

function drawHead() {
  const { plan, totals: t } = store;
  if (!plan || !t) return;
  const where = store.runs[Number(run)]?.folder ?? '';
  const key = JSON.stringify([run, plan.name, t.isPaused, t.isDraining, t.isFinished, t.isLive, t.isReading, t.states.failed, t.states.lost, t.states.cancelled, t.priorities === undefined, store.isConnected, store.mayAct, address().get('view'), store.runs]);
  const done = t.epochsTotal ? Math.floor((100 * t.epochsDone) / t.epochsTotal) : 0;
  document.title = `${t.isFinished ? 'finished' : t.isPaused ? 'paused' : `${done} %`} · ${plan.name} · Rouser`;
  if (key === headKey) return;
  headKey = key;
  const [word, kind] = !store.isConnected ? ['not connected; the page waits for rouser to come back', 'away'] : t.isReading ? ['reading the journal …', 'paused'] : t.isFinished ? ['finished', ''] : t.isDraining ? ['draining', 'paused'] : t.isPaused ? ['paused', 'paused'] : t.isLive ? ['training', 'live'] : ['as its folder says', ''];
  if (head.dataset.word !== word) say(word);
  head.dataset.word = word;
  const current = address().get('view') ?? 'overview';
  const focused = head.contains(document.activeElement) ? document.activeElement.textContent : null;
  head.replaceChildren(
    h('div', { class: 'title' },
      h('h1', { text: `${plan.name}${plan.dataMark}` }),
      h('span', { class: `chip ${kind}`, text: word }),
      ...(store.runs.length > 1 ? [choice('run', store.runs.map((r, i) => [i, r.name === plan.name && store.runs.filter(o => o.name === r.name).length > 1 ? r.folder : r.name]), run, v => go({ run: v }, { fresh: true }))] : []),
      h('div', { class: 'actions' }, ...buttons(), ...(canAct() && !store.mayAct ? [h('button', { type: 'button', text: 'Show the token', onclick: () => askToken('') })] : [])),
    ),
    h('p', { class: 'where small quiet', text: where }),
    h('nav', { class: 'views', 'aria-label': 'Views' }, named.map(([name, title]) => h('a', { href: link(name === 'overview' ? {} : { view: name }), 'aria-current': current === name ? 'page' : undefined, text: title }))),
  );
  if (focused) [...head.querySelectorAll('a,button')].find(e => e.textContent === focused)?.focus();
}

// Times that pass are shown as they pass, also where nothing else happens.
setInterval(() => {
  if (!document.hidden) tell('tick');
}, 1000);

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
