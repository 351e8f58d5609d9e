// Who trains, and what has happened last.

import { choice, h } from '../dom.js';
import { ago, count, digits, moment, none } from '../format.js';
import { address, go, link, now, store } from '../store.js';

export function workers() {
  const body = h('tbody'), list = eventList(200);
  const none_ = h('p', { class: 'quiet', text: 'No worker has trained anything yet.' });
  const grid = h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table of workers' }, h('table', {}, h('caption', { text: 'Workers, with what each holds and how it fares' }),
    h('thead', {}, h('tr', {}, ['worker', 'state', 'slots', 'trains', 'epochs a minute', 'epochs', 'completed', 'failed', 'lost', 'last word'].map((title, i) => h('th', { scope: 'col', text: title, class: [2, 4, 5, 6, 7, 8].includes(i) ? 'n' : undefined })))), body));
  const kinds = h('div', { class: 'bar' });
  const fill = () => {
    none_.hidden = store.workers.length > 0;
    grid.hidden = store.workers.length === 0;
    body.replaceChildren(...store.workers.map(w => h('tr', {},
      h('th', { scope: 'row', text: w.name }),
      h('td', {}, stateOf(w)),
      h('td', { class: 'n', text: w.slots === undefined ? none : String(w.slots) }),
      h('td', { class: 'long' }, w.running.length ? w.running.flatMap((i, k) => [k ? ' ' : '', h('a', { href: link({ view: 'trial', i }), text: store.plan.trials[i]?.id.slice(0, 8) ?? String(i) })]) : none),
      h('td', { class: 'n', text: w.epochsPerMinute === undefined ? none : digits(w.epochsPerMinute) }),
      ...[w.epochs, w.completed, w.failed, w.lost].map(n => h('td', { class: 'n', text: count(n) })),
      h('td', { text: ago(w.heardAt, now()) }),
    )));
  };
  return {
    element: h('div', { class: 'panels' },
      h('section', { class: 'panel first', 'aria-labelledby': 'workers' }, h('h2', { id: 'workers', text: 'Workers' }), grid, none_),
      h('section', { class: 'panel', 'aria-labelledby': 'events' }, h('h2', { id: 'events', text: 'Last events' }), kinds, list.element)),
    update: words => {
      if (!store.totals) return;
      if (words.has('workers') || words.has('tick') || words.has('plan') || words.has('first')) fill();
      if (words.has('address') || words.has('first')) kinds.replaceChildren(choice('show', [['', 'all'], ['warn', 'failures, losses and alarms'], ['user', 'what users asked for'], ['done', 'results']], address().get('kind') ?? '', v => go({ kind: v }, { replace: true })));
      if (words.has('events') || words.has('address') || words.has('plan') || words.has('first')) list.fill(address().get('kind') ?? '');
    },
  };
}

function stateOf(worker) {
  if (worker.isHere === undefined) return h('span', { text: worker.running.length ? 'holds trials' : none });
  if (!worker.isHere) return worker.lost ? h('span', { class: 'badge', text: 'gone, lost trials' }) : h('span', { class: 'quiet', text: 'gone' });
  return worker.isSilent ? h('span', { class: 'badge', text: 'silent' }) : h('span', { class: 'badge fine', text: 'here' });
}

/** The last events, the newest first. */
export function eventList(most) {
  const element = h('ol', { class: 'events' });
  const show = shown => element.replaceChildren(...(shown.length ? shown.map(e => h('li', { class: e.kind }, h('time', { datetime: new Date(e.at).toISOString(), text: moment(e.at) }),
        h('span', {}, told(e)))) : [h('li', { class: 'quiet', text: 'Nothing yet.' })]));
  return {
    element,
    /** These, the newest last. */
    show: events => show([...events].slice(-most).reverse()),
    fill: (kind = '') => show(store.events.filter(e => !kind || e.kind === kind || (kind === 'warn' && e.kind === 'alarm')).slice(-most).reverse()),
  };
}

// The trial's name in the line is the link to it.
function told(event) {
  const id = event.trial === undefined ? undefined : store.plan?.trials[event.trial]?.id.slice(0, 8);
  const at = id === undefined ? -1 : event.text.indexOf(id);
  return at < 0 ? event.text : [event.text.slice(0, at), h('a', { href: link({ view: 'trial', i: event.trial }), text: id }), event.text.slice(at + id.length)];
}
