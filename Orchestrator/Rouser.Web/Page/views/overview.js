// The first view: how far the run is, what it says so far, what has just happened.

import { get } from '../api.js';
import { check, choice, h, setText, svg, table, tagList } from '../dom.js';
import { count, digits, duration, metric, moment, nameOf, none, signed } from '../format.js';
import { Plot, inWords, smooth, swatch } from '../plot.js';
import { address, go, now, store } from '../store.js';
import { eventList } from './workers.js';

const states = ['completed', 'running', 'queued', 'failed', 'lost', 'cancelled', 'pruned', 'deferred'];

/** Reads again at most once a second, and whenever something has changed. */
export class Query {
  constructor(path, take) {
    Object.assign(this, { path, take, key: null, timer: 0, last: 0, isBusy: false });
  }

  /** @param key changes with what the answer depends on */
  ask(key) {
    const path = this.path();
    if (!path || `${path} ${key}` === this.key) return;
    clearTimeout(this.timer);
    const isOther = path !== this.asked;
    const wait = isOther ? 0 : Math.max(0, this.last + 800 - Date.now());
    this.timer = setTimeout(async () => {
      if (this.isBusy && !isOther) return this.ask(key);
      [this.key, this.asked, this.last, this.isBusy] = [`${path} ${key}`, path, Date.now(), true];
      try {
        const answer = await get(path);
        if (this.asked === path && !this.isEnded) this.take(answer);
      } catch {
        this.key = null;
      } finally {
        this.isBusy = false;
      }
    }, wait);
  }

  end() {
    this.isEnded = true;
    clearTimeout(this.timer);
  }
}

export function overview() {
  const parts = [progress(), curves(), differences(), importance(), lastEvents()];
  return {
    element: h('div', { class: 'panels' }, parts.map(p => p.element)),
    update: words => parts.forEach(p => p.update(words)),
    end: () => parts.forEach(p => p.end?.()),
  };
}

// ---- Progress ----------------------------------------------------------------------------------------------------

function progress() {
  const meter = h('div', { class: 'meter', role: 'img' });
  const bars = Object.fromEntries(states.filter(s => s !== 'queued' && s !== 'deferred').map(s => [s, h('i', { class: s })]));
  meter.append(...Object.values(bars));
  const counts = h('ul', { class: 'counts' });
  const facts = h('dl', { class: 'facts' }), priorities = h('p', { class: 'small quiet' }), written = h('div', { class: 'written', hidden: true });
  const fact = {};
  for (const [key, title] of [['done', 'trials ended'], ['epochs', 'epochs'], ['left', 'time left'], ['pace', 'epochs a minute'], ['since', 'running for'], ['best', 'best so far']]) {
    fact[key] = { box: h('div', {}, h('dt', { text: title }), h('dd')) };
    facts.append(fact[key].box);
  }
  const put = (key, text, small = '') => {
    const dd = fact[key].box.lastChild;
    if (dd.dataset.text === text + small) return;
    dd.dataset.text = text + small;
    dd.replaceChildren(text, ...(small ? [h('small', { text: small })] : []));
  };
  return {
    element: h('section', { class: 'panel first', 'aria-labelledby': 'progress' }, h('h2', { id: 'progress', class: 'unseen', text: 'Progress' }), written, facts, meter, counts, priorities),
    update: words => {
      const { totals: t, plan } = store;
      if (!t || !(words.has('totals') || words.has('rows') || words.has('tick') || words.has('plan'))) return;
      const of = name => t.states[name] ?? 0;
      const all = states.reduce((sum, s) => sum + of(s), 0) - of('deferred');
      const ended = all - of('queued') - of('running');
      put('done', count(ended), `of ${count(all)}`);
      put('epochs', count(t.epochsDone), `of ${count(t.epochsTotal)}`);
      put('left', t.isFinished ? 'finished' : t.isPaused ? 'paused' : t.secondsLeft === undefined ? none : `about ${duration(t.secondsLeft)}`);
      put('pace', t.epochsPerMinute === undefined ? none : digits(t.epochsPerMinute));
      setText(fact.since.box.firstChild, t.isFinished ? 'took' : 'running for');
      put('since', t.startedAt === undefined ? none : duration(((t.isFinished || !t.isLive ? t.lastAt : now()) - t.startedAt) / 1000), t.startedAt === undefined ? '' : `since ${moment(t.startedAt)}`);
      // Only what validation samples say may choose; of the test set the page names no best.
      fact.best.box.hidden = !plan.metric.name.startsWith('validation');
      if (!fact.best.box.hidden) {
        const values = store.rows.map(r => r.m).filter(v => v !== undefined);
        put('best', values.length ? metric(plan.metric.maximize ? Math.max(...values) : Math.min(...values), plan.metric.isShare) : none, nameOf(plan.metric.name));
      }
      for (const [name, bar] of Object.entries(bars)) bar.style.width = `${(100 * of(name)) / Math.max(1, all)}%`;
      const shown = states.filter(s => of(s) > 0 || s === 'completed');
      meter.setAttribute('aria-label', shown.map(s => `${of(s)} ${s}`).join(', '));
      drawWritten(written, t.tags, t.note);
      priorities.hidden = !t.priorities || t.priorities.every(p => p === t.priorities[0]);
      if (!priorities.hidden) setText(priorities, `Priorities: ${plan.studies.map((s, i) => `${s} ${t.priorities[i]}`).join(', ')}.`);
      const text = shown.map(s => `${s} ${of(s)}`).join() + t.reused;
      if (counts.dataset.text !== text) {
        counts.dataset.text = text;
        counts.replaceChildren(...shown.map(s => h('li', {}, h('span', { class: `dot ${s}`, 'aria-hidden': 'true' }), h('a', { href: linkTo(s) }, h('b', { text: count(of(s)) }), ` ${s}`), s === 'completed' && t.reused ? ` (${count(t.reused)} reused)` : '')));
      }
    },
  };
}

/** What users wrote, tags and note; hidden where nobody did. */
export function drawWritten(element, tags, note) {
  const key = JSON.stringify([tags, note]);
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.hidden = !tags?.length && !note;
  element.replaceChildren(...(tags?.length ? [h('p', { class: 'tags' }, tagList(tags))] : []), ...(note ? [h('p', { class: 'lines', text: note })] : []));
}

const linkTo = state => `#${new URLSearchParams({ run: address().get('run') ?? '0', view: 'trials', state })}`;

// ---- Learning curves ---------------------------------------------------------------------------------------------

const mostPanels = 12;

/** The metrics that the run's trials have. */
export const metrics = () => ['test_accuracy', 'train_accuracy', 'train_loss', ...(store.plan.validation ? ['validation_accuracy', 'validation_loss'] : []), 'seconds'];

/** How values of a metric are written. */
export const formatOf = name => (name.endsWith('accuracy') ? v => (v === null ? none : `${(100 * v).toFixed(1)} %`) : digits);

function curves() {
  const controls = h('div', { class: 'bar' }), legend = h('ul', { class: 'legend' }), plots = h('div', { class: 'plots' });
  const caption = h('figcaption');
  const numbers = h('details', {}, h('summary', { text: 'Numbers' }));
  let charts = new Map(), answer = null, controlsKey = '';
  const at = () => {
    const a = address();
    return { study: Number(a.get('study') ?? 0), name: a.get('metric') ?? firstMetric(), setting: a.get('setting') ?? '', logX: a.get('logx') === '1', logY: a.get('logy') === '1', smoothing: Number(a.get('smooth') ?? 0), band: a.get('band') !== '0', off: new Set((a.get('off') ?? '').split(',').filter(Boolean)) };
  };
  const query = new Query(() => store.plan && `${address().get('run') ?? 0}/curves?study=${at().study}&metric=${at().name}`, result => {
    answer = result;
    draw();
  });

  function drawControls() {
    const { study, name, setting, logX, logY, smoothing, band } = at();
    const shown = answer ? [...new Set(answer.lines.map(l => l.setting))] : [];
    const key = JSON.stringify([study, name, setting, logX, logY, smoothing, band, shown]);
    if (key === controlsKey || controls.contains(document.activeElement) && document.activeElement.type === 'range') return;
    controlsKey = key;
    controls.replaceChildren(
      ...(store.plan.studies.length > 1 ? [choice('study', store.plan.studies.map((s, i) => [i, s]), study, v => go({ study: v, setting: null }, { replace: true }))] : []),
      choice('metric', metrics().map(m => [m, nameOf(m)]), name, v => go({ metric: v }, { replace: true })),
      ...(shown.length > 1 ? [choice('setting', [['', `all ${shown.length}`], ...shown.map(s => [s, labelOf(s)])], setting, v => go({ setting: v }, { replace: true }))] : []),
      check('log x', logX, v => go({ logx: v ? 1 : null }, { replace: true })),
      check('log y', logY, v => go({ logy: v ? 1 : null }, { replace: true })),
      check('bands', band, v => go({ band: v ? null : 0 }, { replace: true })),
      h('label', { class: 'field' }, h('span', { text: 'smoothing' }), h('input', { type: 'range', min: '0', max: '0.95', step: '0.05', value: String(smoothing), oninput: e => go({ smooth: Number(e.target.value) || null }, { replace: true }) })),
    );
  }

  function draw() {
    drawControls();
    if (!answer) return;
    const { name, setting, logX, logY, smoothing, band, off } = at();
    const isShare = name.endsWith('accuracy'), format = formatOf(name);
    const settings = [...new Set(answer.lines.map(l => l.setting))].filter(s => !setting || s === setting);
    const arms = [...new Set(answer.lines.map(l => l.arm))];
    const shown = settings.slice(0, mostPanels);
    plots.classList.toggle('one', shown.length === 1);
    const keep = new Map();
    for (const own of shown) {
      const key = JSON.stringify([own, logX, logY, name, shown.length === 1]);
      const chart = charts.get(key) ?? new Plot({ height: shown.length === 1 ? 340 : 220, y: nameOf(name), format, logX, logY, ...(isShare ? { low: 0, high: 1 } : {}) });
      keep.set(key, chart);
      const lines = answer.lines.filter(l => l.setting === own && !off.has(l.arm)).map(l => ({
        name: l.arm, style: styleOf(l.arm), mean: smooth(l.mean, smoothing), low: band && l.seeds > 1 ? smooth(l.low, smoothing) : undefined, high: band && l.seeds > 1 ? smooth(l.high, smoothing) : undefined,
        faint: l.completed < l.seeds, note: i => `${l.n[i]} of ${l.seeds} ${l.seeds === 1 ? 'seed' : 'seeds'}`,
      }));
      chart.box ??= h('div', { class: 'plot' }, shown.length > 1 || own ? h('h3', { text: labelOf(own) }) : null, chart.element);
      if (!charts.has(key)) plots.append(chart.box);
      chart.set(lines, `Learning curves, ${nameOf(name)}${own ? `, ${labelOf(own)}` : ''}: ${inWords(lines, format)}`);
    }
    for (const [key, chart] of charts) {
      if (keep.has(key)) continue;
      chart.destroy();
      chart.box.remove();
    }
    charts = keep;
    const seeds = arm => answer.lines.filter(l => l.arm === arm).reduce((sum, l) => [sum[0] + l.completed, sum[1] + l.seeds], [0, 0]);
    legend.replaceChildren(...arms.map(arm => h('li', {}, swatch(styleOf(arm)), h('button', {
      class: 'plain', type: 'button', 'aria-pressed': String(!off.has(arm)), title: 'show or hide', text: arm,
      onclick: () => go({ off: [...(off.has(arm) ? [...off].filter(a => a !== arm) : [...off, arm])].join(',') || null }, { replace: true }),
    }), h('span', { class: 'quiet', text: ` ${seeds(arm).join(' of ')} trials` }))));
    setText(caption, answer.lines.length === 0 ? 'No epoch is recorded yet.'
      : `Lines: mean over the seeds that have come that far; bands: lowest to highest seed. Thin lines: seeds are still missing.${smoothing ? ` Smoothed with weight ${smoothing}.` : ''}${settings.length > mostPanels ? ` The first ${mostPanels} of ${settings.length} settings; choose one above.` : ''} Drag to zoom, double-click to zoom out.`);
    if (numbers.open || !numbers.isMade) fillNumbers();
  }

  function fillNumbers() {
    numbers.isMade = true;
    const { name } = at(), format = formatOf(name);
    numbers.replaceChildren(numbers.firstChild, table(`${nameOf(name)} at the last epoch of each line`, [{ title: 'arm' }, { title: 'setting' }, { title: 'epoch', number: true }, { title: 'mean', number: true }, { title: 'lowest', number: true }, { title: 'highest', number: true }, { title: 'seeds', number: true }],
      answer.lines.map(l => {
        const last = l.mean.findLastIndex(v => v !== null);
        return [l.arm, labelOf(l.setting), String(last + 1), format(l.mean[last] ?? null), format(l.low[last] ?? null), format(l.high[last] ?? null), `${l.n[last] ?? 0} of ${l.seeds}`];
      })));
  }
  numbers.addEventListener('toggle', () => numbers.open && answer && fillNumbers());

  return {
    element: h('section', { class: 'panel', 'aria-labelledby': 'curves' }, h('h2', { id: 'curves', text: 'Learning curves' }), controls, h('figure', {}, legend, plots, caption), numbers),
    update: words => {
      if (!store.plan || !store.totals) return;
      query.ask(store.totals.epochsDone);
      if (words.has('address') || words.has('plan')) draw();
      else drawControls();
    },
    end: () => {
      query.end();
      charts.forEach(c => c.destroy());
    },
  };
}

/** The metric that is shown first: the sweep's. */
export const firstMetric = () => store.plan.metric.name;

/** An arm's style. */
export const styleOf = arm => store.plan.arms.find(a => a.name === arm)?.style ?? 0;

/** A setting in the paper's symbols, as the report writes it. */
export const labelOf = setting => store.plan.settings.find(s => s.name === setting)?.label ?? setting;

// ---- Differences and importance ----------------------------------------------------------------------------------

let numbersQuery = null, numbers = null;
const takers = new Set();

function useNumbers(take) {
  takers.add(take);
  numbersQuery ??= new Query(() => store.plan && `${address().get('run') ?? 0}/numbers`, result => {
    numbers = result;
    takers.forEach(t => t(result));
  });
  if (numbers) take(numbers);
  return {
    update: () => store.totals && numbersQuery.ask(`${store.plan.name} ${store.totals.results}`),
    end: () => {
      takers.delete(take);
      if (takers.size) return;
      numbersQuery.end();
      [numbersQuery, numbers] = [null, null];
    },
  };
}

function differences() {
  const box = h('div', {});
  const use = useNumbers(result => {
    const parts = result.flatMap(study => [
      ...(result.length > 1 ? [h('h3', { text: study.study })] : []),
      h('p', { text: study.answer }),
      ...(study.differences.length ? [intervals(study)] : []),
    ]);
    box.replaceChildren(...(parts.length ? parts : [h('p', { class: 'quiet', text: 'No trial has its result yet.' })]));
  });
  return {
    element: h('section', { class: 'panel half', 'aria-labelledby': 'differences' }, h('h2', { id: 'differences', text: 'Differences' }), box,
      h('p', { class: 'small quiet', text: 'Test accuracy after the last epoch in percentage points, paired by seed, with 95 % intervals: the numbers of the report. A thin line is the interval over the pairs that are complete so far, which is no test: the seeds that are there may be a choice by outcome.' })),
    ...use,
  };
}

const mostIntervals = 24;

function intervals(study) {
  const shown = study.differences.slice(0, mostIntervals);
  const lowOf = d => d.low ?? d.soFarLow, highOf = d => d.high ?? d.soFarHigh;
  const ends = shown.filter(d => d.value !== undefined).flatMap(d => [lowOf(d) ?? d.value, highOf(d) ?? d.value, 0]);
  const low = Math.min(-1, ...ends), high = Math.max(1, ...ends), pad = (high - low) * 0.04;
  const x = v => `${((100 * (v - low + pad)) / (high - low + 2 * pad)).toFixed(2)}%`;
  const ticks = niceTicks(low, high);
  const lines = height => ticks.map(t => svg('line', { class: t === 0 ? 'zero' : 'grid-line', x1: x(t), x2: x(t), y1: 0, y2: height }));
  const rows = shown.map(d => {
    const parts = [];
    if (lowOf(d) !== undefined) parts.push(svg('line', { class: `interval${d.low === undefined ? ' so-far' : ''}`, x1: x(lowOf(d)), x2: x(highOf(d)), y1: 10, y2: 10 }));
    if (d.value !== undefined) parts.push(svg('circle', { cx: x(d.value), cy: 10, r: 4.5 }));
    const style = `var(--c${styleOf(d.arm) % 6})`;
    for (const part of parts) [part.style.stroke, part.style.fill] = [style, style];
    const text = d.value === undefined ? d.verdict : `${signed(d.value)}${lowOf(d) === undefined ? '' : ` [${signed(lowOf(d))}, ${signed(highOf(d))}]${d.low === undefined ? ' so far' : ''}`}, n = ${d.n}${d.missing ? ` of ${d.n + d.missing}` : ''}`;
    return h('li', {}, h('div', {}, h('span', { text: d.label }), h('b', { text }), d.value === undefined ? null : h('span', { class: `badge ${d.verdict === 'higher' ? 'fine' : d.verdict === 'lower' ? '' : 'plain'}`, text: d.verdict })), svg('svg', { width: '100%', height: 20, 'aria-hidden': 'true' }, lines(20), parts));
  });
  const axis = svg('svg', { width: '100%', height: 18, 'aria-hidden': 'true' }, ticks.map(t => svg('text', { x: x(t), y: 12, 'text-anchor': 'middle', text: signed(t).replace('.0', '') })));
  return h('figure', {}, h('ul', { class: 'intervals' }, rows, h('li', { 'aria-hidden': 'true' }, axis)), study.differences.length > shown.length ? h('figcaption', { text: `The first ${shown.length} of ${study.differences.length}.` }) : null);
}

function niceTicks(low, high) {
  const raw = (high - low) / 6, power = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].map(k => k * power).find(k => k >= raw);
  const ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9; k++) ticks.push(Number((k * step).toPrecision(6)) || 0);
  return ticks;
}

function importance() {
  const box = h('div', {});
  const element = h('section', { class: 'panel half', 'aria-labelledby': 'importance' }, h('h2', { id: 'importance', text: 'Importance' }), box);
  const use = useNumbers(result => {
    const told = result.filter(study => study.importanceTitle);
    element.hidden = told.length === 0;
    box.replaceChildren(...told.flatMap(study => [
      ...(told.length > 1 ? [h('h3', { text: study.study })] : []),
      ...(study.importance.length ? [h('dl', { class: 'shares' }, study.importance.flatMap(share => {
        const bar = h('i');
        bar.style.width = `${share.share}%`;
        return [h('dt', { text: share.name }), h('dd', { class: 'track', 'aria-hidden': 'true' }, bar), h('dd', { class: 'n', text: `${share.share.toFixed(1)} %` })];
      }))] : []),
      h('p', { class: 'small quiet', text: study.importanceTitle }),
    ]));
  });
  element.hidden = true;
  return { element, ...use };
}

// ---- Last events -------------------------------------------------------------------------------------------------

function lastEvents() {
  const list = eventList(12);
  return {
    element: h('section', { class: 'panel half', 'aria-labelledby': 'events' }, h('h2', { id: 'events', text: 'Last events' }), list.element, h('p', { class: 'small' }, h('a', { href: `#${new URLSearchParams({ run: address().get('run') ?? '0', view: 'workers' })}`, text: 'All that is kept, and the workers' }))),
    update: words => (words.has('events') || words.has('plan') || words.has('first')) && list.fill(),
  };
}
