// What the layers do over the epochs: which neurons are dead or active, and where the thresholds go.

import { get } from '../api.js';
import { choice, h, setText, table } from '../dom.js';
import { digits } from '../format.js';
import { Heat, scale } from '../heat.js';
import { Plot, inWords } from '../plot.js';
import { address, go, store } from '../store.js';
import { styleOf } from './overview.js';

const names = { dead: 'Dead neurons', active: 'Active neurons' };
const explained = {
  dead: 'Share of neurons without a spike over all training samples of the epoch.',
  active: 'Share of neurons with at least one spike on the first input of the last batch.',
};
const percent = v => `${(100 * v).toFixed(1)} %`;

/** Heat maps of several charts of layers, one over the other. `charts`: `{ name, layers }`. */
export function heats(charts) {
  const heat = Object.fromEntries(Object.keys(names).map(key => [key, new Heat()]));
  const element = h('div', { class: 'panels' }, Object.entries(heat).map(([key, map]) => h('section', { class: 'panel half', 'aria-label': names[key] }, h('h2', { text: names[key] }), h('figure', {}, map.element, h('figcaption', {}, explained[key], ' ', scale(''))))));
  const set = next => {
    for (const [key, map] of Object.entries(heat)) {
      const rows = next.flatMap(c => c.layers.map((layer, l) => ({ name: `${c.name ? `${c.name}, ` : ''}layer ${l + 1}`, values: layer.numbers[key] ?? [] })).filter(r => r.values.some(v => v !== null)));
      map.set(rows, `${names[key]} by layer over epochs: ${rows.map(r => { const last = r.values.findLast(v => v !== null); return `${r.name} ${last === undefined ? 'none' : percent(last)} at the end`; }).join('; ')}`);
      map.element.closest('section').hidden = rows.length === 0;
    }
  };
  set(charts);
  return { element, set, end: () => Object.values(heat).forEach(map => map.destroy()) };
}

/** The quantiles of thresholds over the epochs, a chart for each layer. */
export function thresholds() {
  const plots = new Map(), element = h('div', { class: 'plots' });
  return {
    element,
    set: (layers, style) => {
      layers.forEach((layer, l) => {
        const n = layer.numbers;
        if (!n.median?.some(v => v !== null)) return;
        if (!plots.has(l)) {
          const plot = new Plot({ height: 230, y: 'threshold', format: digits });
          plots.set(l, plot);
          element.append(h('div', { class: 'plot' }, h('h3', { text: `layer ${l + 1}, ${layer.neurons} neurons` }), plot.element));
        }
        const line = { name: 'median', style, mean: n.median, bands: [[n.min, n.max], [n.q10, n.q90], [n.q25, n.q75]], low: n.q25, high: n.q75 };
        plots.get(l).set([line], `Thresholds of layer ${l + 1}: ${inWords([line], digits)}`);
      });
    },
    end: () => plots.forEach(p => p.destroy()),
  };
}

/** The same numbers as a table. */
export const layerTable = (caption, layers) => table(caption, [{ title: 'layer' }, { title: 'neurons', number: true }, { title: 'dead', number: true }, { title: 'active', number: true }, { title: 'spike rate', number: true }, { title: 'threshold, lowest', number: true }, { title: 'median', number: true }, { title: 'highest', number: true }],
  layers.map((layer, l) => {
    const last = name => layer.numbers[name]?.findLast(v => v !== null);
    const share = name => (last(name) === undefined ? '–' : percent(last(name)));
    return [`layer ${l + 1}`, String(layer.neurons), share('dead'), share('active'), digits(last('rate')), digits(last('min')), digits(last('median')), digits(last('max'))];
  }));

export function layers() {
  const controls = h('div', { class: 'bar' }), note = h('p', { class: 'quiet' }), numbers = h('details', {}, h('summary', { text: 'Numbers' }));
  const maps = heats([]), thresholdsBox = thresholds(), heading = h('h2', { text: 'Thresholds' });
  const caption = h('p', { class: 'small quiet', text: 'Line: median over the neurons; bands: lowest to highest, 10 to 90 %, 25 to 75 %. Means over the seeds that have come that far.' });
  let asked = '', timer = 0, isEnded = false, controlsKey = '';
  const at = () => {
    const { plan } = store, a = address(), study = Number(a.get('study') ?? 0);
    const cells = plan.trials.flatMap(t => t.cells).filter(c => c[0] === study);
    const settings = [...new Set(cells.map(c => c[2]))].sort((x, y) => x - y);
    const setting = settings.includes(Number(a.get('setting'))) && a.has('setting') ? Number(a.get('setting')) : settings[0];
    const arms = [...new Set(cells.filter(c => c[2] === setting).map(c => c[1]))].sort((x, y) => x - y);
    const arm = arms.includes(Number(a.get('arm'))) && a.has('arm') ? Number(a.get('arm')) : arms[0];
    return { study, settings, setting, arms, arm };
  };

  const mostArms = 8;

  async function load(run, key) {
    const { study, setting, arms, arm } = at();
    asked = key;
    try {
      const shown = [arm, ...arms.filter(a => a !== arm)].slice(0, mostArms).sort((x, y) => x - y);
      const charts = await Promise.all(shown.map(async a => ({ arm: a, name: shown.length > 1 ? store.plan.arms[a].name : '', layers: (await get(`${run}/layers?study=${study}&arm=${a}&setting=${setting}`)).layers })));
      if (isEnded || asked !== key) return;
      const own = charts.find(c => c.arm === arm)?.layers ?? [];
      maps.set(charts);
      thresholdsBox.set(own, styleOf(store.plan.arms[arm].name));
      heading.textContent = `Thresholds, ${store.plan.arms[arm].name}`;
      setText(note, charts.some(c => c.layers.length) ? '' : 'No epoch of these trials is recorded yet.');
      note.hidden = !note.textContent;
      numbers.replaceChildren(numbers.firstChild, layerTable(`Layers of ${store.plan.arms[arm].name} at the last epoch`, own));
    } catch {
      asked = '';
    }
  }

  return {
    element: h('div', {}, h('h2', { class: 'unseen', text: 'Layers' }), controls, note, maps.element, h('section', { class: 'panel' }, heading, h('figure', {}, thresholdsBox.element), caption, numbers)),
    update: () => {
      if (!store.plan || !store.totals) return;
      const view = at(), { plan } = store, run = address().get('run') ?? 0;
      const key = JSON.stringify([view, plan.name]);
      if (controlsKey !== key) {
        controlsKey = key;
        controls.replaceChildren(
          ...(plan.studies.length > 1 ? [choice('study', plan.studies.map((s, i) => [i, s]), view.study, v => go({ study: v, setting: null, arm: null }, { replace: true }))] : []),
          ...(view.settings.length > 1 ? [choice('setting', view.settings.map(i => [i, plan.settings[i].label]), view.setting, v => go({ setting: v }, { replace: true }))] : []),
          ...(view.arms.length > 1 ? [choice('thresholds of', view.arms.map(i => [i, plan.arms[i].name]), view.arm, v => go({ arm: v }, { replace: true }))] : []));
      }
      const whole = `${run} ${key} ${store.totals.epochsDone}`;
      if (whole === asked || timer) return;
      const isOther = !asked.startsWith(`${run} ${key}`);
      timer = setTimeout(() => {
        timer = 0;
        load(run, `${run} ${key} ${store.totals.epochsDone}`);
      }, isOther ? 0 : 900);
    },
    end: () => {
      isEnded = true;
      clearTimeout(timer);
      maps.end();
      thresholdsBox.end();
    },
  };
}

