// What one can ask for. Each asks once, says what will happen, and is a line of the journal.

import { Refused, post } from './api.js';
import { h, say } from './dom.js';
import { address, loadRuns, store, tell } from './store.js';

const run = () => address().get('run') ?? '0';

/** Whether anything can be asked of this run here. */
export const canAct = () => store.runs[Number(run())]?.hasControl === true;

/** Asks, and does it. `requests` are made of the dialog's fields when it is confirmed; none if nothing is to be done. */
function ask(title, sentences, confirm, requests, { danger = false, fields = [], first = null } = {}) {
  const answer = h('p', { class: 'small', role: 'status' });
  const go = h('button', { type: 'submit', class: danger ? 'danger' : 'main', text: confirm });
  const leave = h('button', { type: 'button', text: 'Leave it', onclick: () => dialog.close() });
  const form = h('form', { method: 'dialog', onsubmit: async event => {
    event.preventDefault();
    go.disabled = true;
    try {
      const lines = [], wanted = requests();
      if (!wanted.length) lines.push('Nothing was changed.');
      for (const request of wanted) lines.push(await post(`${run()}/control`, { version: store.wire, request }));
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
  (first ?? leave).focus();
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

// ---- Notes and tags ----------------------------------------------------------------------------------------------

const tagPattern = /^[\p{L}\p{N}_.:/][\p{L}\p{N}\-_.:/+=]{0,39}$/u;

/** The tags in a field. */
function words(text) {
  const all = [...new Set(text.split(/[\s,]+/).filter(Boolean))], wrong = all.find(word => !tagPattern.test(word));
  if (wrong !== undefined) throw new Error(`${wrong} is no tag: at most 40 letters, digits and - _ . : / + =, and none of - + = first`);
  return all;
}

const field = (label, input, hint) => h('p', {}, h('label', { class: 'line' }, h('span', { text: label }), input), ...(hint ? [h('span', { class: 'small quiet', text: hint })] : []));

const tagHint = 'Words of letters, digits and - _ . : / + =, with blanks between them.';

/** Writes to the sweep, or to one trial by its plan index. */
function annotate(title, trial, { n: note = '', g: tags = [] }) {
  const text = h('textarea', { rows: 4, maxLength: 2000, id: 'note' }), tagging = h('input', { type: 'text', value: tags.join(' '), id: 'tags', autocomplete: 'off' });
  text.value = note;
  ask(title, ['What is written here stands in the journal, in rouser status, in the tables and in the report. It changes no trial.'], 'Write it', () => {
    const next = words(tagging.value), request = {
      kind: 'annotate', trials: trial === null ? null : [store.plan.trials[trial].id], note: text.value.trim() === note ? null : text.value,
      added: next.filter(t => !tags.includes(t)), removed: tags.filter(t => !next.includes(t)),
    };
    return request.note === null && !request.added.length && !request.removed.length ? [] : [request];
  }, { fields: [field('note', text, 'At most 2,000 characters; empty takes it away.'), field('tags', tagging, tagHint)], first: text });
}

/** Writes to the sweep. */
export const annotateSweep = () => annotate('Note and tags of the sweep', null, { n: store.totals.note, g: store.totals.tags });

/** Writes to a trial, by its plan index. */
export const annotateTrial = i => annotate(`Note and tags of trial ${store.plan.trials[i].id.slice(0, 8)}`, i, { n: store.rows[i]?.n, g: store.rows[i]?.g });

/** Tags trials, by their plan indices. */
export function tagTrials(indices) {
  const put = h('input', { type: 'text', id: 'put', autocomplete: 'off' }), away = h('input', { type: 'text', id: 'away', autocomplete: 'off' });
  ask(indices.length === 1 ? 'Tag 1 trial?' : `Tag ${indices.length} trials?`, ['Tags stand in the journal, in the tables and in the report. They change no trial.'], 'Tag', () => {
    const [added, removed] = [words(put.value), words(away.value)];
    return added.length + removed.length ? [{ kind: 'annotate', trials: indices.map(i => store.plan.trials[i].id), note: null, added, removed }] : [];
  }, { fields: [field('put', put, tagHint), field('take away', away)], first: put });
}

// ---- Priorities --------------------------------------------------------------------------------------------------

function prioritize() {
  const { plan, totals } = store;
  const value = h('input', { type: 'number', min: '-1000', max: '1000', step: '1', required: true, id: 'priority', value: String(totals.priorities[0]) });
  const which = h('select', { id: 'study', onchange: () => { value.value = String(store.totals.priorities[Number(which.value)]); } }, plan.studies.map((s, i) => h('option', { value: String(i), text: `${s} (${totals.priorities[i]})` })));
  ask('Change the priority of a study?', ['Trials that wait are handed out by it: studies with a higher priority come first. Trials in training are left alone. It outlives a restart, and counts in place of the sweep file’s.'], 'Change it',
    () => [{ kind: 'prioritize', study: plan.studies[Number(which.value)], priority: Number(value.value) }], { fields: [field('study', which), field('priority', value, 'A whole number from −1000 to 1000.')], first: which });
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
    ...(totals.priorities ? [button('Priority …', prioritize, ended)] : []),
    button('Note …', annotateSweep, !store.isConnected),
    button('Drain', drain, ended),
  ];
}
