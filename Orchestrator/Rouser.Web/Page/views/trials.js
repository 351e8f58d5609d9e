// All trials as a table, and before it what varies as parallel coordinates; what is brushed there is what the table shows.

import { cancelTrials, canAct, retryTrials, tagTrials } from '../actions.js';
import { choice, h, say, setText } from '../dom.js';
import { count, digits, metric, moment, nameOf, none } from '../format.js';
import { Grid } from '../grid.js';
import { Parallel, axisOf } from '../parallel.js';
import { address, go, link, store } from '../store.js';

const states = ['running', 'queued', 'completed', 'failed', 'lost', 'cancelled', 'pruned', 'deferred'];

export function trials() {
  let grid = null, parallel = null, axes = [], shares = [], selected = new Set(), shown = [], texts = [], planOf = null, writtenKey = '', countsKey = '', brushKey = '';
  const toggles = h('div', { class: 'toggles', role: 'group', 'aria-label': 'States' });
  const stateButtons = new Map(states.map(s => [s, h('button', { type: 'button', onclick: () => toggle(s) })]));
  toggles.append(...stateButtons.values());
  const search = h('input', { type: 'search', 'aria-label': 'Search trials', placeholder: 'Search: id, arm, setting, seed, worker, reason …', oninput: () => go({ q: search.value || null }, { replace: true }) });
  search.style.minWidth = 'min(22em, 100%)';
  const selects = h('div', { class: 'bar' }), selection = h('div', { class: 'bar' }), total = h('p', { class: 'small quiet', role: 'status' });
  const tableBox = h('div', {}), parallelBox = h('div', {}), brushes = h('div', { class: 'bar' });
  const parallelSection = h('details', { class: 'panel', open: true }, h('summary', { text: 'What varies, as parallel coordinates' }), parallelBox, brushes,
    h('p', { class: 'small quiet', text: 'A line for each trial in its arm’s colour; the last axis is the sweep’s metric so far. Drag along an axis to brush it, click on it to take the brush away; the table follows.' }));

  const at = () => {
    const a = address();
    return { states: new Set((a.get('state') ?? '').split(',').filter(Boolean)), q: a.get('q') ?? '', study: a.get('study'), arm: a.get('arm'), tag: a.get('tag'), sort: a.get('sort') ?? 'i', isDescending: a.get('desc') === '1', brushes: readBrushes(a.get('brush')) };
  };

  function toggle(state) {
    const { states: chosen } = at();
    if (!chosen.delete(state)) chosen.add(state);
    go({ state: [...chosen].join(',') || null }, { replace: true });
  }

  /** All tags of trials, that of the address too. */
  const tags = () => [...new Set([...store.rows.flatMap(r => r.g ?? []), ...(at().tag ? [at().tag] : [])])].sort();
  const written = () => JSON.stringify([tags(), store.rows.some(r => r.n)]);

  // ---- Once for a plan, and when tags are there that were not

  function prepare() {
    const { plan } = store;
    if (planOf !== plan) selected = new Set();
    planOf = plan;
    writtenKey = written();
    const isTagged = store.rows.some(r => r.g), isNoted = store.rows.some(r => r.n);
    texts = plan.trials.map(t => [t.id, `seed ${t.seed}`, ...t.cells.flatMap(([s, a, g]) => [plan.studies[s], plan.arms[a].name, plan.settings[g].label, plan.settings[g].name])].join(' ').toLowerCase());
    grid?.destroy();
    const isShare = plan.metric.isShare;
    grid = new Grid('Trials', [
      { key: 'x', title: 'select', width: 34, sorts: false, fill: cell => {
        const box = h('input', { type: 'checkbox', onchange: () => {
          const i = Number(box.dataset.i);
          if (box.checked) selected.add(i);
          else selected.delete(i);
          drawSelection();
        } });
        cell.append(box);
        return row => {
          box.dataset.i = row.i;
          box.checked = selected.has(row.i);
          box.setAttribute('aria-label', `select ${plan.trials[row.i].id.slice(0, 8)}`);
        };
      } },
      { key: 'i', title: 'trial', width: 92, fill: cell => {
        const a = h('a');
        cell.append(a);
        return row => {
          setText(a, plan.trials[row.i].id.slice(0, 8));
          a.setAttribute('href', link({ view: 'trial', i: row.i }));
        };
      } },
      { key: 'state', title: 'state', width: 112, fill: cell => {
        const dot = h('span', { class: 'dot', 'aria-hidden': 'true' }), word = document.createTextNode('');
        cell.append(dot, word);
        return row => {
          if (word.data === row.s) return;
          dot.className = `dot ${row.s}`;
          word.data = row.s;
        };
      } },
      ...(plan.studies.length > 1 ? [textColumn('study', 'study', 130, row => plan.trials[row.i].cells.map(c => plan.studies[c[0]]).filter(unique).join(', '))] : []),
      ...(plan.arms.length > 1 ? [textColumn('arm', 'arm', 130, row => plan.trials[row.i].cells.map(c => plan.arms[c[1]].name).filter(unique).join(', '))] : []),
      ...(plan.settings.length > 1 ? [textColumn('setting', 'setting', 190, row => plan.trials[row.i].cells.map(c => plan.settings[c[2]].label).filter(unique).join(' | '))] : []),
      numberColumn('seed', 'seed', 62, row => String(plan.trials[row.i].seed)),
      { key: 'epoch', title: 'epoch', width: 136, number: true, fill: cell => {
        const word = document.createTextNode(''), bar = h('progress', { max: 1, 'aria-hidden': 'true' });
        cell.append(word, bar);
        let before = '';
        return row => {
          const all = plan.trials[row.i].epochs, text = `${row.e ?? 0} of ${all}`, value = ((row.e ?? 0) + (row.p ?? 0)) / all;
          if (before === text + value) return;
          before = text + value;
          word.data = text;
          bar.value = value;
        };
      } },
      numberColumn('m', nameOf(plan.metric.name), 150, row => metric(row.m, isShare)),
      ...(plan.metric.name === 'test_accuracy' ? [] : [numberColumn('x', 'test accuracy', 120, row => metric(row.x, true))]),
      ...(plan.metric.name === 'train_loss' ? [] : [numberColumn('l', 'train loss', 100, row => digits(row.l))]),
      numberColumn('attempt', 'attempt', 84, row => (row.a ? String(row.a) : none)),
      textColumn('w', 'worker', 140, row => row.w ?? none),
      textColumn('t', 'since', 150, row => moment(row.t)),
      ...(isTagged ? [textColumn('g', 'tags', 150, row => row.g?.join(', ') ?? '')] : []),
      ...(isNoted ? [textColumn('n', 'note', 260, row => row.n?.replaceAll('\n', ' ') ?? '')] : []),
      textColumn('r', 'reason', 320, row => row.y ?? row.r ?? ''),
    ], key => {
      const { sort, isDescending } = at();
      go({ sort: key === 'i' ? null : key, desc: sort === key && !isDescending ? 1 : null }, { replace: true });
    });
    tableBox.replaceChildren(grid.element);
    parallel?.destroy();
    parallel = new Parallel(next => go({ brush: writeBrushes(next) }, { replace: true }));
    parallelBox.replaceChildren(parallel.element);
    prepareAxes();
    selects.replaceChildren(search, toggles,
      ...(plan.studies.length > 1 ? [choice('study', [['', 'all'], ...plan.studies.map((s, i) => [i, s])], at().study ?? '', v => go({ study: v }, { replace: true }))] : []),
      ...(plan.arms.length > 1 ? [choice('arm', [['', 'all'], ...plan.arms.map((a, i) => [i, a.name])], at().arm ?? '', v => go({ arm: v }, { replace: true }))] : []),
      ...(isTagged || at().tag ? [choice('tag', [['', 'all'], ...tags().map(t => [t, t])], at().tag ?? '', v => go({ tag: v }, { replace: true }))] : []));
    search.value = at().q;
  }

  const mostAxes = 9;

  function prepareAxes() {
    const { plan } = store;
    const varied = plan.varied.map((v, k) => ({ ...v, k, kinds: new Set(plan.trials.map(t => t.values[k])).size }));
    const kept = varied.filter(v => v.kinds > 1).slice(0, mostAxes - 2);
    axes = [
      ...(plan.arms.length > 1 ? [{ ...axisOf('arm', 'arm', plan.arms.map(a => a.name)), of: t => plan.arms[t.cells[0][1]].name }] : []),
      ...kept.map(v => ({ ...axisOf(v.name, v.symbol, plan.trials.map(t => t.values[v.k])), of: t => t.values[v.k] })),
      { name: 'metric' },
    ];
    shares = plan.trials.map(t => axes.slice(0, -1).map(axis => axis.at(axis.of(t)) ?? null));
    parallelSection.hidden = axes.length < 3;
  }

  // ---- At every change

  function draw(words) {
    if (!store.plan || !store.totals) return;
    if (planOf !== store.plan || writtenKey !== written()) prepare();
    const view = at();
    const { plan } = store;
    const terms = view.q.toLowerCase().split(/\s+/).filter(Boolean);
    const values = store.rows.map(r => r.m).filter(v => v !== undefined);
    const last = axes[axes.length - 1];
    const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
    axes[axes.length - 1] = { ...last, label: nameOf(plan.metric.name), low, high, format: v => metric(v, plan.metric.isShare), at: v => (v === undefined ? null : high > low ? (v - low) / (high - low) : 0.5) };
    const brushed = Object.entries(view.brushes).map(([name, range]) => [axes.findIndex(a => a.name === name), range]).filter(([k]) => k >= 0);
    const lines = [];
    shown = [];
    for (const row of store.rows) {
      if (!row) continue;
      const trial = plan.trials[row.i];
      if (!trial) continue;
      if (view.states.size && !view.states.has(row.s)) continue;
      if (view.study && !trial.cells.some(c => c[0] === Number(view.study))) continue;
      if (view.tag && !row.g?.includes(view.tag)) continue;
      if (view.arm && !trial.cells.some(c => c[1] === Number(view.arm))) continue;
      if (terms.length) {
        const text = `${texts[row.i]} ${row.s} ${row.w ?? ''} ${row.r ?? ''} ${row.g?.join(' ') ?? ''} ${row.n ?? ''}`.toLowerCase();
        if (!terms.every(t => text.includes(t))) continue;
      }
      const at_ = [...shares[row.i], axes[axes.length - 1].at(row.m)];
      const isIn = brushed.every(([k, [from, to]]) => at_[k] !== null && at_[k] >= from - 1e-9 && at_[k] <= to + 1e-9);
      if (!parallelSection.hidden) lines.push({ at: at_, style: plan.arms[trial.cells[0][1]].style, isIn });
      if (isIn) shown.push(row);
    }
    sort(shown, view);
    grid.set(shown, view.sort, view.isDescending);
    if (!parallelSection.hidden && parallelSection.open) parallel.set(axes, lines, view.brushes, `Parallel coordinates of ${axes.map(a => a.label ?? a.name).join(', ')}; ${shown.length} trials are within the brushes`);
    setText(total, `${count(shown.length)} of ${count(plan.trials.length)} trials`);
    drawCounts(view);
    drawBrushes(view);
    if (words?.has('address') && document.activeElement !== search) search.value = view.q;
    drawSelection();
  }

  function sort(rows, { sort: key, isDescending }) {
    if (key === 'i' && !isDescending) return;
    const { plan } = store, order = new Map(states.map((s, k) => [s, k]));
    const value = {
      i: r => r.i, state: r => order.get(r.s), seed: r => plan.trials[r.i].seed, epoch: r => (r.e ?? 0) + (r.p ?? 0), attempt: r => r.a ?? 0,
      study: r => plan.trials[r.i].cells[0][0], arm: r => plan.trials[r.i].cells[0][1], setting: r => plan.trials[r.i].cells[0][2],
      m: r => r.m, x: r => r.x, l: r => r.l, t: r => r.t, w: r => r.w, g: r => r.g?.join(), n: r => r.n, r: r => r.y ?? r.r,
    }[key] ?? (r => r.i);
    const sign = isDescending ? -1 : 1;
    rows.sort((a, b) => {
      const x = value(a), y = value(b);
      // What has no value stands last, however it is sorted.
      if (x === undefined || y === undefined) return x === y ? a.i - b.i : x === undefined ? 1 : -1;
      return x < y ? -sign : x > y ? sign : a.i - b.i;
    });
  }

  function drawCounts(view) {
    const key = JSON.stringify([store.totals.states, [...view.states]]);
    if (key === countsKey) return;
    countsKey = key;
    for (const [state, button] of stateButtons) {
      const n = store.totals.states[state] ?? 0;
      button.hidden = n === 0 && !view.states.has(state);
      button.setAttribute('aria-pressed', String(view.states.has(state)));
      button.replaceChildren(h('span', { class: `dot ${state}`, 'aria-hidden': 'true' }), `${state} ${count(n)}`);
    }
  }

  function drawBrushes(view) {
    const key = JSON.stringify([view.brushes, axes.map(a => a.levels?.length ?? [a.low, a.high])]);
    if (key === brushKey) return;
    brushKey = key;
    brushes.replaceChildren(...Object.entries(view.brushes).filter(([name]) => axes.some(a => a.name === name)).map(([name, [from, to]]) => {
      const axis = axes.find(a => a.name === name);
      const inside = axis.levels ? axis.levels.filter((level, k) => { const y = axis.levels.length === 1 ? 0.5 : 0.04 + (0.92 * k) / (axis.levels.length - 1); return y >= from && y <= to; }).join(', ') || 'nothing' : `${Math.round(100 * from)} to ${Math.round(100 * to)} % of its range`;
      return h('button', { type: 'button', onclick: () => { const rest = { ...view.brushes }; delete rest[name]; go({ brush: writeBrushes(rest) }, { replace: true }); } }, `${axis.label ?? name}: ${inside} ✕`);
    }));
  }

  let selectionKey = '';
  function drawSelection() {
    const key = [...selected].join() + store.mayAct + store.isConnected;
    if (key === selectionKey) return;
    selectionKey = key;
    selection.hidden = selected.size === 0;
    const chosen = [...selected].sort((a, b) => a - b);
    selection.replaceChildren(h('span', { class: 'small', text: `${chosen.length} selected` }),
      h('button', { type: 'button', text: chosen.length === 1 ? 'Look at it' : 'Compare', onclick: () => go({ view: chosen.length === 1 ? 'trial' : 'compare', i: chosen.slice(0, 24).join(',') }, { fresh: true }) }),
      ...(canAct() && store.mayAct ? [h('button', { type: 'button', text: 'Cancel …', onclick: () => cancelTrials(chosen) }), h('button', { type: 'button', text: 'Retry …', onclick: () => retryTrials(chosen) }), h('button', { type: 'button', text: 'Tag …', onclick: () => tagTrials(chosen) })] : []),
      h('button', { type: 'button', text: 'Select none', onclick: () => { selected.clear(); grid.request(); drawSelection(); say('none selected'); } }));
  }
  selection.hidden = true;
  parallelSection.addEventListener('toggle', () => draw());

  return {
    element: h('div', {}, h('h2', { class: 'unseen', text: 'Trials' }), parallelSection, selects, selection, total, tableBox),
    update: words => {
      if (words.has('rows') || words.has('address') || words.has('plan') || words.has('first') || words.has('connection')) draw(words);
    },
    end: () => {
      grid?.destroy();
      parallel?.destroy();
    },
  };
}

const unique = (value, i, all) => all.indexOf(value) === i;

const column = (key, title, width, number, text) => ({ key, title, width, number, fill: cell => {
  const node = document.createTextNode('');
  cell.append(node);
  return row => {
    const own = text(row);
    if (node.data !== own) node.data = own;
  };
} });
const textColumn = (key, title, width, text) => column(key, title, width, false, text);
const numberColumn = (key, title, width, text) => column(key, title, width, true, text);

function readBrushes(text) {
  const brushes = {};
  for (const part of (text ?? '').split(';').filter(Boolean)) {
    const [name, from, to] = part.split('~');
    if (Number.isFinite(Number(from)) && Number.isFinite(Number(to))) brushes[name] = [Number(from), Number(to)];
  }
  return brushes;
}

const writeBrushes = brushes => Object.entries(brushes).map(([name, [from, to]]) => `${name}~${from.toFixed(3)}~${to.toFixed(3)}`).join(';') || null;
