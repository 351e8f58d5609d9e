// One trial, or several beside each other.

import { annotateTrial, cancelTrials, canAct, retryTrials } from '../actions.js';
import { get } from '../api.js';
import { choice, h, table } from '../dom.js';
import { digits, duration, metric, moment, nameOf, none } from '../format.js';
import { Plot, inWords, swatch } from '../plot.js';
import { address, go, link, store } from '../store.js';
import { kept } from './kept.js';
import { heats, layerTable, thresholds } from './layers.js';
import { drawWritten, firstMetric, formatOf } from './overview.js';
import { eventList } from './workers.js';

/** The trials that the address names. */
const named = () => (address().get('i') ?? '').split(',').filter(Boolean).map(Number).filter(i => store.plan?.trials[i]);

/** Loads them, and again as they train. */
function loader(take) {
  let asked = '', timer = 0, isEnded = false;
  return {
    update: () => {
      const wanted = named();
      if (!store.totals || !wanted.length) return;
      const names = `${address().get('run') ?? 0}/trials?i=${wanted.join(',')}`;
      const key = `${names} ${wanted.map(i => JSON.stringify([store.rows[i]?.s, store.rows[i]?.e, store.rows[i]?.a])).join()}`;
      if (key === asked || timer) return;
      timer = setTimeout(async () => {
        timer = 0;
        asked = key;
        try {
          const charts = await get(names);
          if (!isEnded) take(charts.map((chart, k) => ({ ...chart, i: wanted[k] })));
        } catch {
          asked = '';
        }
      }, asked.startsWith(names) ? 700 : 0);
    },
    end: () => {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}

const cellsOf = i => store.plan.trials[i].cells.map(([s, a, g]) => [store.plan.studies.length > 1 ? store.plan.studies[s] : '', store.plan.arms[a].name, store.plan.settings[g].name ? store.plan.settings[g].label : ''].filter(Boolean).join(', '));

export function trial() {
  const head = h('div', { class: 'bar' }), where = h('p'), attempts = h('div'), parameters = h('div'), layersBox = h('div'), numbers = h('details', {}, h('summary', { text: 'Layers in numbers' })), note = h('p', { class: 'note', hidden: true }), written = h('div', { class: 'written', hidden: true });
  const accuracy = new Plot({ height: 280, y: 'accuracy', format: formatOf('accuracy'), low: 0, high: 1 });
  const loss = new Plot({ height: 280, y: 'loss', format: digits });
  const accuracyLegend = h('ul', { class: 'legend' }), lossLegend = h('ul', { class: 'legend' });
  const maps = heats([]), thresholdsBox = thresholds(), keptBox = kept(), log = eventList(40), logBox = h('section', { class: 'panel', 'aria-labelledby': 'log' }, h('h2', { id: 'log', text: 'Log' }), log.element, h('p', { class: 'small quiet' }));
  let headKey = '';
  const chart = (plot, legend, chart_, wanted) => {
    const lines = wanted.filter(([name]) => chart_.curves[name]).map(([name, style]) => ({ name: nameOf(name), style, mean: chart_.curves[name] }));
    plot.set(lines, inWords(lines, plot.options.format) || 'no epoch yet');
    legend.replaceChildren(...lines.map(l => h('li', {}, swatch(l.style), l.name)));
  };
  const load = loader(([own]) => {
    chart(accuracy, accuracyLegend, own, [['test_accuracy', 0], ['validation_accuracy', 2], ['train_accuracy', 1]]);
    chart(loss, lossLegend, own, [['train_loss', 1], ['validation_loss', 2]]);
    maps.set([{ name: '', layers: own.layers.layers }]);
    thresholdsBox.set(own.layers.layers, 0);
    numbers.replaceChildren(numbers.firstChild, layerTable('Layers at the last epoch', own.layers.layers));
    attempts.replaceChildren(own.attempts.length ? table('Who was given it, and what came of it', [{ title: 'attempt', number: true }, { title: 'worker' }, { title: 'began' }, { title: 'took', number: true }, { title: 'outcome' }, { title: 'reason' }],
      own.attempts.map(a => [String(a.number), a.worker, moment(a.startedAt), a.endedAt ? duration((a.endedAt - a.startedAt) / 1000) : none, a.outcome, a.reason ?? ''])) : h('p', { class: 'quiet', text: 'Nobody has been given it yet.' }));
    log.show(own.log);
    logBox.lastChild.textContent = own.log.length < own.logTotal ? `The last ${own.log.length} of ${own.logTotal} lines; the journal has all of them.` : '';
    const varied = new Set(store.plan.varied.map(v => v.name));
    parameters.replaceChildren(table('Those that differ between trials come first', [{ title: 'parameter' }, { title: 'value' }],
      [...Object.entries(own.parameters).sort(([a], [b]) => varied.has(b) - varied.has(a)), ['seed', String(own.seed)], ['engine', own.engine], ['data', `${own.data.slice(0, 16)}${own.synthetic ? ', generated' : ''}`]]));
  });
  return {
    element: h('div', {}, head, where, written, note, h('div', { class: 'panels' },
      h('section', { class: 'panel half' }, h('h2', { text: 'Accuracy' }), h('figure', {}, accuracyLegend, accuracy.element)),
      h('section', { class: 'panel half' }, h('h2', { text: 'Loss' }), h('figure', {}, lossLegend, loss.element))), maps.element,
    h('section', { class: 'panel' }, h('h2', { text: 'Thresholds' }), thresholdsBox.element, numbers),
    keptBox.element,
    h('div', { class: 'panels' }, h('section', { class: 'panel half' }, h('h2', { text: 'Attempts' }), attempts), h('section', { class: 'panel half' }, h('h2', { text: 'Parameters' }), parameters), logBox)),
    update: () => {
      const [i] = named();
      if (i === undefined || !store.totals) return;
      const row = store.rows[i], plan = store.plan;
      const key = JSON.stringify([i, row?.s, row?.e, row?.m, row?.r, row?.g, row?.n, store.mayAct, store.isConnected]);
      if (key !== headKey && row) {
        headKey = key;
        const hasEnded = !['queued', 'running', 'deferred'].includes(row.s);
        head.replaceChildren(h('h2', {}, `Trial ${plan.trials[i].id.slice(0, 8)}`), h('span', {}, h('span', { class: `dot ${row.s}`, 'aria-hidden': 'true' }), row.s), h('span', { class: 'small', text: `epoch ${row.e ?? 0} of ${plan.trials[i].epochs}, ${nameOf(plan.metric.name)} ${metric(row.m, plan.metric.isShare)}` }),
          ...(canAct() && store.mayAct ? [h('button', { type: 'button', text: 'Cancel …', disabled: hasEnded, onclick: () => cancelTrials([i]) }), h('button', { type: 'button', text: 'Retry …', disabled: !['failed', 'lost', 'cancelled'].includes(row.s), onclick: () => retryTrials([i]) }), h('button', { type: 'button', text: 'Note …', onclick: () => annotateTrial(i) })] : []));
        where.replaceChildren(h('code', { text: plan.trials[i].id }), ` · ${cellsOf(i).join(' | ')} · seed ${plan.trials[i].seed}`);
        drawWritten(written, row.g, row.n);
        note.hidden = !(row.y ?? row.r);
        note.textContent = row.y ?? row.r ?? '';
      }
      load.update();
      if (row) keptBox.update(i, row.s === 'completed');
    },
    end: () => {
      load.end();
      keptBox.end();
      accuracy.destroy();
      loss.destroy();
      maps.end();
      thresholdsBox.end();
    },
  };
}

export function compare() {
  const controls = h('div', { class: 'bar' }), legend = h('ul', { class: 'legend' }), box = h('div'), plotBox = h('div'), same = h('p', { class: 'small quiet' });
  let plot = null, plotOf = '', charts = [];
  const draw = () => {
    if (!charts.length) return;
    const name = address().get('metric') ?? firstMetric(), all = [...new Set(charts.flatMap(c => Object.keys(c.curves)))];
    controls.replaceChildren(h('h2', { text: `${charts.length} trials` }), choice('metric', all.map(m => [m, nameOf(m)]), name, v => go({ metric: v }, { replace: true })));
    if (plotOf !== name) {
      plot?.destroy();
      plot = new Plot({ height: 340, y: nameOf(name), format: formatOf(name), ...(name.endsWith('accuracy') ? { low: 0, high: 1 } : {}) });
      plotOf = name;
      plotBox.replaceChildren(plot.element);
    }
    const lines = charts.map((c, k) => ({ name: c.id.slice(0, 8), style: k, mean: c.curves[name] ?? [] }));
    plot.set(lines, `${nameOf(name)}: ${inWords(lines, formatOf(name))}`);
    legend.replaceChildren(...charts.map((c, k) => h('li', {}, swatch(k), h('a', { href: link({ view: 'trial', i: c.i }), text: c.id.slice(0, 8) }), h('span', { class: 'quiet', text: ` ${cellsOf(c.i).join(' | ')}, seed ${c.seed}` }))));
    const keys = [...new Set(charts.flatMap(c => Object.keys(c.parameters)))].filter(k => new Set(charts.map(c => c.parameters[k])).size > 1).sort();
    const row = (title, of) => [title, ...charts.map(of)];
    const rows = [
      row('state', c => store.rows[c.i]?.s ?? none), row('seed', c => String(c.seed)), ...keys.map(k => row(k, c => c.parameters[k] ?? none)),
      row('epochs', c => `${store.rows[c.i]?.e ?? 0} of ${c.epochs}`), ...all.map(m => row(nameOf(m), c => formatOf(m)(c.curves[m]?.findLast(v => v !== null) ?? null))),
      ...charts.reduce((most, c) => (c.layers.layers.length > most.length ? c.layers.layers : most), []).map((_, l) => row(`dead in layer ${l + 1}`, c => { const v = c.layers.layers[l]?.numbers.dead?.findLast(x => x !== null); return v === undefined ? none : `${(100 * v).toFixed(1)} %`; })),
      row('attempts', c => String(c.attempts.length)),
      ...(charts.some(c => store.rows[c.i]?.g) ? [row('tags', c => store.rows[c.i]?.g?.join(', ') ?? none)] : []),
    ];
    box.replaceChildren(table('What differs, and what each came to after its last epoch', [{ title: 'what' }, ...charts.map(c => ({ title: c.id.slice(0, 8), number: true }))], rows));
    same.textContent = 'Parameters in which they agree are left out.';
  };
  const load = loader(next => {
    charts = next;
    draw();
  });
  return {
    element: h('div', {}, controls, h('figure', {}, legend, plotBox), h('section', { class: 'panel' }, box, same)),
    update: words => {
      load.update();
      if (words.has('address')) draw();
    },
    end: () => {
      load.end();
      plot?.destroy();
    },
  };
}
