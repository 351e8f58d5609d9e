// What one can ask for. Each asks once, says what will happen, and is a line of the journal.

import { Refused, post } from './api.js';
import { h, say } from './dom.js';
import { address, loadRuns, store, tell } from './store.js';

const run = () => address().get('run') ?? '0';

/** Whether anything can be asked of this run here. */
export const canAct = () => store.runs[Number(run())]?.hasControl === true;

/** Asks, and does it. `requests` are made of the dialog's fields when it is confirmed. */
function ask(title, sentences, confirm, requests, { danger = false, fields = [] } = {}) {
  const answer = h('p', { class: 'small', role: 'status' });
  const go = h('button', { type: 'submit', class: danger ? 'danger' : 'main', text: confirm });
  const leave = h('button', { type: 'button', text: 'Leave it', onclick: () => dialog.close() });
  const form = h('form', { method: 'dialog', onsubmit: async event => {
    event.preventDefault();
    go.disabled = true;
    try {
      const lines = [];
      for (const request of requests()) lines.push(await post(`${run()}/control`, { version: store.wire, request }));
      answer.textContent = lines.length > 3 ? `${lines.length} requests done; the last: ${lines.at(-1)}` : lines.join(' · ');
      say(answer.textContent);
      go.hidden = true;
      leave.textContent = 'Close';
      leave.focus();
    } catch (error) {
      answer.textContent = error.message;
      go.disabled = false;
      if (error instanceof Refused && error.status === 401) {
        await loadRuns().catch(() => {});
        tell('connection');
      }
    }
  } }, h('h2', { id: 'ask', text: title }), sentences.map(text => h('p', { text })), fields, answer, h('div', { class: 'ends' }, leave, go));
  const dialog = h('dialog', { 'aria-labelledby': 'ask', onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
  leave.focus();
}

const pause = () => ask('Pause the sweep?', ['Trials in training go on to their end. Nothing more is handed out until somebody continues the sweep, also after a restart of rouser serve.'], 'Pause', () => [{ kind: 'pause' }]);

const resume = () => ask('Continue the sweep?', ['Trials are handed out again.'], 'Continue', () => [{ kind: 'continue' }]);

const drain = () => ask('Drain and stop?', ['Nothing more is handed out, workers hand back what they train after the batch in work, and the program ends. Nothing is lost: the same command goes on.'], 'Drain and stop', () => [{ kind: 'drain' }], { danger: true });

/** Cancels trials, by their plan indices. */
export function cancelTrials(indices) {
  const ids = indices.map(i => store.plan.trials[i].id);
  ask(ids.length === 1 ? `Cancel trial ${ids[0].slice(0, 8)}?` : `Cancel ${ids.length} trials?`,
    ['They end without a result, also those that are being trained. They can be retried.'], 'Cancel', () => ids.map(id => ({ kind: 'cancel', trial: id, arm: null })), { danger: true });
}

function cancel() {
  const what = h('select', { 'aria-label': 'What to cancel' }, h('option', { value: '', text: 'the whole sweep' }), store.plan.arms.map(a => h('option', { value: a.name, text: `arm ${a.name}` })));
  ask('Cancel trials?', ['Of an arm, the trials that belong to it alone. They end without a result, also those that are being trained. They can be retried.'], 'Cancel',
    () => [{ kind: 'cancel', trial: null, arm: what.value || null }], { danger: true, fields: [h('p', {}, what)] });
}

/** Retries trials, by their plan indices. */
export function retryTrials(indices) {
  const ids = indices.map(i => store.plan.trials[i].id);
  ask(ids.length === 1 ? `Retry trial ${ids[0].slice(0, 8)}?` : `Retry ${ids.length} trials?`, ['Those that failed, were lost or were cancelled are queued again, each with its full number of retries.'], 'Retry',
    () => [{ kind: 'retry_trials', trials: ids }]);
}

function retry() {
  const states = ['failed', 'lost', 'cancelled'].map(name => [name, h('input', { type: 'checkbox', checked: name !== 'cancelled' })]);
  ask('Retry trials?', ['They are queued again, each with its full number of retries:'], 'Retry',
    () => [Object.fromEntries([['kind', 'retry'], ...states.map(([name, box]) => [name, box.checked])])],
    { fields: states.map(([name, box]) => h('p', {}, h('label', { class: 'field' }, box, h('span', { text: `${name} trials (${store.totals.states[name] ?? 0})` })))) });
}

/** The buttons of the head. */
export function buttons() {
  const { totals } = store;
  if (!totals || !canAct() || !store.mayAct) return [];
  const button = (text, act, isOff = false) => h('button', { type: 'button', text, onclick: act, disabled: isOff });
  const ended = totals.isFinished || totals.isDraining || !store.isConnected;
  const again = (totals.states.failed ?? 0) + (totals.states.lost ?? 0) + (totals.states.cancelled ?? 0);
  return [
    totals.isPaused ? button('Continue', resume, ended) : button('Pause', pause, ended),
    button('Cancel …', cancel, ended),
    button('Retry …', retry, ended || again === 0),
    button('Drain', drain, ended),
  ];
}
