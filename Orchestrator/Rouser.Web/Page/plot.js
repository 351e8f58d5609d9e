// Line charts by uPlot (a global of its own script), in the report's colours and dashes.

import { h, svg } from './dom.js';
import { digits, none } from './format.js';

const { uPlot } = globalThis;

const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2, 1, 2]];

/** A colour of the style sheet. */
export const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The dashes of a style: those of its colour, and past the last colour those of another, as the report's palette has it. */
export const styleDashes = style => {
  const look = style % (2 * dashes.length);
  return dashes[(look + (look < dashes.length ? 0 : dashes.length / 2)) % dashes.length];
};

/** The colour word of a style; past the last, colours begin anew. */
export const styleColour = style => `c${style % dashes.length}`;

/** `#rrggbb` with an opacity. */
export const faded = (hex, alpha) => `rgb(${[1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).join(' ')} / ${alpha})`;

/** A swatch for a legend. */
export function swatch(style) {
  const line = svg('line', { x1: 0, y1: 6, x2: 26, y2: 6, 'stroke-width': 2.2, 'stroke-dasharray': styleDashes(style).join(' ') });
  line.style.stroke = `var(--${styleColour(style)})`;
  return svg('svg', { width: 26, height: 12, 'aria-hidden': 'true' }, line);
}

/** The exponential mean with weight `by` of what came before; 0 leaves values as they are. */
export function smooth(values, by) {
  if (!by) return values;
  let mean = null;
  return values.map(v => {
    if (v === null || v === undefined) return v;
    mean = mean === null ? v : by * mean + (1 - by) * v;
    return mean;
  });
}

// The tip under the pointer is one for the page.
let tip = null;

/** Shows a text beside the pointer; nothing hides it. */
export function showTip(text, event) {
  tip ??= document.body.appendChild(h('div', { class: 'tip', 'aria-hidden': 'true' }));
  tip.hidden = !text;
  if (!text) return;
  if (tip.textContent !== text) tip.textContent = text;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 12 : event.clientY + 18}px`;
}

/**
 * A chart that takes new data in place.
 * @param options `height`, `y` and `x` (axis labels), `logX`, `logY`, `format` (of values), `low`, `high` (of the axis, if it has bounds)
 */
export class Plot {
  constructor(options) {
    this.options = { height: 260, format: digits, tick: options.low === 0 && options.high === 1 ? v => `${digits(100 * v)} %` : digits, ...options };
    this.element = h('div', { role: 'img' });
    this.lines = [];
    this.key = '';
    this.chart = null;
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.element);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.onScheme = () => {
      this.key = '';
      this.draw();
    };
    this.scheme.addEventListener('change', this.onScheme);
  }

  /**
   * @param lines `{ name, style, mean, low, high, bands, faint, note }`; `bands`: further pairs of lines, from light to strong
   * @param said what the chart shows, in words
   */
  set(lines, said) {
    this.lines = lines;
    this.element.setAttribute('aria-label', said);
    this.draw();
  }

  draw() {
    const width = Math.floor(this.element.clientWidth);
    if (!width || !this.lines.length) return;
    const { logX, logY } = this.options;
    const epochs = Math.max(1, ...this.lines.map(l => l.mean.length));
    const clean = values => {
      const padded = Array.from({ length: epochs }, (_, i) => values[i] ?? null);
      return logY ? padded.map(v => (v > 0 ? v : null)) : padded;
    };
    const data = [Array.from({ length: epochs }, (_, i) => i + 1)];
    for (const line of this.lines) {
      for (const [low, high] of pairs(line)) data.push(clean(high), clean(low));
      data.push(clean(line.mean));
    }
    const key = JSON.stringify([logX, logY, this.lines.map(l => [l.name, l.style, l.faint, pairs(l).length, isDot(l)])]);
    if (this.chart && key === this.key) {
      this.chart.setData(data);
      return;
    }
    this.key = key;
    this.chart?.destroy();
    this.chart = new uPlot(this.describe(width), data, this.element);
    const over = this.chart.over;
    over.addEventListener('pointermove', event => showTip(this.at(this.chart.cursor.idx), event));
    over.addEventListener('pointerleave', () => showTip('', null));
  }

  describe(width) {
    const { height, x, y, logX, logY, tick, low, high } = this.options;
    const ink = colour('muted'), rule = colour('rule');
    const series = [{}], bands = [];
    for (const line of this.lines) {
      const own = colour(styleColour(line.style));
      pairs(line).forEach((_, i, all) => {
        const edge = { stroke: 'transparent', width: 0, points: { show: false } };
        series.push(edge, edge);
        bands.push({ series: [series.length - 2, series.length - 1], fill: faded(own, all.length > 1 ? 0.12 + 0.1 * i : 0.13) });
      });
      series.push({
        stroke: own, width: line.faint ? 1.1 : 1.9, dash: styleDashes(line.style),
        points: { show: isDot(line), size: 6, fill: own },
      });
    }
    const axis = { stroke: ink, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1, size: 4 }, font: '11px system-ui, sans-serif', labelFont: '11px system-ui, sans-serif' };
    // Labels of a log axis: powers of ten, and 2 and 5 between them where there is room.
    const ofLog = splits => splits.map(v => (v !== null && [1, 2, 5].includes(Number((v / 10 ** Math.floor(Math.log10(v) + 1e-9)).toPrecision(3))) ? v : null));
    return {
      width, height, series, bands,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false } },
      scales: {
        x: { time: false, distr: logX ? 3 : 1, range: logX ? undefined : (_, min, max) => (min === max ? [min - 0.5, max + 0.5] : [min, max]) },
        y: { distr: logY ? 3 : 1, range: logY ? undefined : (_, min, max) => range(min, max, low, high) },
      },
      axes: [
        { ...axis, label: x ?? 'epoch', labelSize: 18, size: 30, filter: logX ? (_, splits) => ofLog(splits) : undefined, incrs: logX ? undefined : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
        { ...axis, label: y, labelSize: 18, size: 52, values: (_, ticks) => ticks.map(v => (v === null ? '' : tick(v))), filter: logY ? (_, splits) => ofLog(splits) : undefined },
      ],
    };
  }

  at(index) {
    if (index === null || index === undefined) return '';
    const rows = this.lines.filter(l => l.mean[index] !== null && l.mean[index] !== undefined)
      .map(l => `${l.name}: ${this.options.format(l.mean[index])}${l.low && l.low[index] !== l.high[index] ? ` (${this.options.format(l.low[index])} to ${this.options.format(l.high[index])})` : ''}${l.note ? `, ${l.note(index)}` : ''}`);
    return rows.length ? `${this.options.x ?? 'epoch'} ${index + 1}\n${rows.join('\n')}` : '';
  }

  fit() {
    const width = Math.floor(this.element.clientWidth);
    if (!width) return;
    if (!this.chart) this.draw();
    else if (this.chart.width !== width) this.chart.setSize({ width, height: this.options.height });
  }

  destroy() {
    this.resize.disconnect();
    this.scheme.removeEventListener('change', this.onScheme);
    this.chart?.destroy();
    showTip('', null);
  }
}

// One point is no line, so that it is drawn as such.
const isDot = line => line.mean.filter(v => v !== null).length < 2;

const pairs = line => line.bands ?? (line.low ? [[line.low, line.high]] : []);

function range(min, max, low, high) {
  if (min === null || max === null) return [low ?? 0, high ?? 1];
  const pad = (max - min || Math.abs(max) || 1) * 0.06;
  return [Math.max(min - pad, low ?? -Infinity), Math.min(max + pad, high ?? Infinity)];
}

/** What lines come to at their last epoch, in words: what a chart's label says. */
export const inWords = (lines, format) => lines.map(l => {
  const last = l.mean.findLastIndex(v => v !== null && v !== undefined);
  return `${l.name} ${last < 0 ? none : `${format(l.mean[last])} after epoch ${last + 1}`}`;
}).join('; ');
