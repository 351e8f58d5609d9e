// What is kept of a completed trial: what its network says of the test samples, and its spikes in one of them.

import { get } from '../api.js';
import { h, table } from '../dom.js';
import { count } from '../format.js';
import { RasterPlot } from '../raster.js';
import { address, store } from '../store.js';

const run = () => address().get('run') ?? '0';

/** Most classes that are shown as a matrix; of more, the commonest confusions. */
const mostClasses = 24, mostConfusions = 20;

export function kept() {
  const matrix = h('div'), rasters = h('div'), said = h('p', { class: 'small', role: 'status' });
  const number = h('input', { type: 'number', min: '0', step: '1', value: '0', id: 'sample', required: true });
  const form = h('form', { class: 'bar', onsubmit: event => {
    event.preventDefault();
    showSample();
  } }, h('label', { class: 'field' }, h('span', { text: 'test sample, from 0' }), number), h('button', { type: 'submit', text: 'Show its spikes' }));
  const element = h('div', { class: 'panels', hidden: true },
    h('section', { class: 'panel half', 'aria-labelledby': 'confusion' }, h('h2', { id: 'confusion', text: 'Confusion matrix' }), matrix),
    h('section', { class: 'panel half', 'aria-labelledby': 'raster' }, h('h2', { id: 'raster', text: 'A test sample in the network' }), form, said, rasters));
  let of = '', plots = [], leaving = new AbortController();

  const clear = () => {
    plots.forEach(p => p.destroy());
    plots = [];
    rasters.replaceChildren();
  };

  async function showMatrix(key, i) {
    try {
      const chart = await get(`${run()}/confusion?i=${i}`, { signal: leaving.signal });
      if (key === of) matrix.replaceChildren(...(chart.none ? [h('p', { class: 'quiet', text: sentence(chart.none) })] : confusion(chart)));
    } catch (error) {
      if (key === of) matrix.replaceChildren(h('p', { class: 'quiet', text: sentence(error.message) }));
    }
  }

  // The program stops to read when it is asked no more.
  async function showSample() {
    leaving.abort();
    leaving = new AbortController();
    const key = of, { signal } = leaving;
    said.textContent = 'Reading the data set and running the network …';
    try {
      const chart = await get(`${run()}/sample?i=${of.split(' ')[1]}&sample=${Number(number.value)}`, { signal });
      if (key !== of || signal.aborted) return;
      clear();
      if (chart.none) {
        said.textContent = sentence(chart.none);
        return;
      }
      said.textContent = `Sample ${count(chart.sample)} of ${count(chart.samples)}: class ${chart.label}, the network says ${chart.predicted}.${chart.remark ? ` ${sentence(chart.remark)}` : ''}`;
      plots = chart.rasters.map(r => new RasterPlot(r));
      rasters.replaceChildren(...chart.rasters.map((r, k) => h('figure', {}, h('h3', { text: `${r.name}: ${count(r.neurons)} neurons, ${count(r.spikes)} spikes` }), plots[k].element)),
        h('p', { class: 'small quiet', text: 'Neurons downwards, steps to the right; a cell is dark where any of its neurons spiked in any of its steps.' }));
    } catch (error) {
      if (key !== of || signal.aborted) return;
      clear();
      said.textContent = sentence(error.message);
    }
  }

  return {
    element,
    /** @param i the trial's plan index */
    update: (i, isCompleted) => {
      const key = `${run()} ${i} ${isCompleted}`;
      if (key === of) return;
      leaving.abort();
      leaving = new AbortController();
      of = key;
      element.hidden = !isCompleted || !store.runs.length;
      said.textContent = '';
      clear();
      matrix.replaceChildren(h('p', { class: 'quiet', text: 'Loading …' }));
      if (isCompleted) showMatrix(key, i);
    },
    end: () => {
      of = '';
      leaving.abort();
      clear();
    },
  };
}

// A line of the program as a sentence.
const sentence = line => `${line.charAt(0).toUpperCase()}${line.slice(1).replace(/\.$/, '')}.`;

function confusion({ classes, counts }) {
  const n = classes.length, at = (label, predicted) => counts[label * n + predicted];
  const all = counts.reduce((sum, c) => sum + c, 0), right = classes.reduce((sum, _, c) => sum + at(c, c), 0);
  const total = h('p', { class: 'small', text: `${count(right)} of ${count(all)} test samples are right (${((100 * right) / Math.max(1, all)).toFixed(1)} %), after the last epoch. Rows: class of the sample; columns: what the network says.` });
  if (n > mostClasses) {
    const wrong = counts.map((c, k) => [c, Math.floor(k / n), k % n]).filter(([c, label, predicted]) => c && label !== predicted).sort((a, b) => b[0] - a[0]);
    return [total, table('The commonest confusions', [{ title: 'class' }, { title: 'taken for' }, { title: 'samples', number: true }], wrong.slice(0, mostConfusions).map(([c, label, predicted]) => [classes[label], classes[predicted], count(c)]))];
  }
  const rows = classes.map((name, label) => {
    const own = classes.reduce((sum, _, p) => sum + at(label, p), 0);
    return h('tr', {}, h('th', { scope: 'row', text: name }), classes.map((_, p) => {
      const share = own ? at(label, p) / own : 0, level = Math.min(9, Math.floor(share * 10));
      return h('td', { class: `n m${at(label, p) ? level : ''}`, text: at(label, p) ? count(at(label, p)) : '' });
    }));
  });
  return [total, h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table of the confusion matrix' }, h('table', { class: 'matrix' }, h('caption', { class: 'unseen', text: 'Confusion matrix' }),
    h('thead', {}, h('tr', {}, h('td'), classes.map(name => h('th', { scope: 'col', class: 'n', text: name })))), h('tbody', {}, rows)))];
}
