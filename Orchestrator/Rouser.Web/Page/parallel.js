// Parallel coordinates on a canvas: an axis for each thing that varies, a line for each trial. Dragging along an axis
// brushes it; a click on it takes the brush away. Brushes can be set by keyboard in the fields below.

import { h } from './dom.js';
import { colour, faded } from './plot.js';
import { digits } from './format.js';

const height = 300, top = 54, bottom = 24, calm = 1000;

export class Parallel {
  /** @param brushed is called with the brushes, by the axes' names: `[low, high]` as shares of the axis */
  constructor(brushed) {
    this.brushed = brushed;
    this.canvas = h('canvas');
    this.element = h('div', { class: 'parallel', role: 'img' }, this.canvas);
    this.axes = [];
    this.lines = [];
    this.brushes = {};
    this.frame = 0;
    this.timer = 0;
    this.drawnAt = -calm;
    this.asked = '';
    this.resize = new ResizeObserver(() => this.request());
    this.resize.observe(this.element);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.onScheme = () => this.request();
    this.scheme.addEventListener('change', this.onScheme);
    this.canvas.addEventListener('pointerdown', event => this.down(event));
    this.canvas.addEventListener('pointermove', event => this.move(event));
    this.canvas.addEventListener('pointerup', event => this.up(event));
  }

  /**
   * @param axes `{ name, levels }` of words, or `{ name, low, high, log }` of numbers
   * @param lines `{ at, style, isIn }`: a share of each axis, or null
   */
  set(axes, lines, brushes, said) {
    // Thousands of lines are drawn anew once a second at most while nothing but the runs moves.
    const isAsked = JSON.stringify([axes.map(a => a.name), lines.length, lines.filter(l => l.isIn).length, brushes]);
    const isOther = isAsked !== this.asked;
    Object.assign(this, { axes, lines, brushes, asked: isAsked });
    if (this.element.getAttribute('aria-label') !== said) this.element.setAttribute('aria-label', said);
    clearTimeout(this.timer);
    const left = isOther ? 0 : this.drawnAt + calm - performance.now();
    if (left <= 0) this.request();
    else this.timer = setTimeout(() => this.request(), left);
  }

  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  x(i) {
    return this.axes.length < 2 ? this.width / 2 : 50 + (i * (this.width - 100)) / (this.axes.length - 1);
  }

  y(share) {
    return height - bottom - share * (height - top - bottom);
  }

  draw() {
    this.width = this.element.clientWidth;
    if (!this.width || !this.axes.length) return;
    this.drawnAt = performance.now();
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.height = `${height}px`;
    const pen = this.canvas.getContext('2d');
    pen.scale(ratio, ratio);
    const many = this.lines.length, colours = [0, 1, 2, 3, 4, 5].map(i => colour(`c${i}`)), out = faded(colour('muted'), many > 500 ? 0.05 : 0.14);
    const alpha = Math.max(0.08, Math.min(0.75, 40 / Math.sqrt(1 + many * 8)));
    const inks = colours.map(c => faded(c, alpha));
    pen.lineWidth = 1.2;
    for (const isIn of [false, true]) {
      for (const line of this.lines) {
        if (line.isIn !== isIn) continue;
        pen.strokeStyle = isIn ? inks[line.style % inks.length] : out;
        pen.beginPath();
        let drawing = false;
        line.at.forEach((share, i) => {
          if (share === null) drawing = false;
          else if (drawing) pen.lineTo(this.x(i), this.y(share));
          else {
            pen.moveTo(this.x(i), this.y(share));
            drawing = true;
          }
        });
        pen.stroke();
      }
    }
    const ink = colour('ink'), muted = colour('muted'), ground = colour('ground'), link = colour('link');
    const room = (this.width - 100) / Math.max(1, this.axes.length - 1) - 8;
    this.axes.forEach((axis, i) => {
      const x = this.x(i);
      pen.strokeStyle = colour('strong');
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x, top);
      pen.lineTo(x, height - bottom);
      pen.stroke();
      const brush = this.brushes[axis.name];
      if (brush) {
        pen.fillStyle = faded(colour('c0'), 0.22);
        pen.strokeStyle = link;
        const high = this.y(brush[1]), low = this.y(brush[0]);
        pen.fillRect(x - 7, high, 14, low - high);
        pen.strokeRect(x - 7, high, 14, low - high);
      }
      pen.textAlign = 'center';
      pen.fillStyle = ink;
      pen.font = '600 12px system-ui, sans-serif';
      // Narrow axes are named by turns a line higher and lower.
      text(pen, axis.label ?? axis.name, x, room < 70 && i % 2 ? 27 : 13, room < 70 ? 2 * room : room, ground);
      pen.font = '11px system-ui, sans-serif';
      pen.fillStyle = muted;
      if (axis.levels) axis.levels.forEach((level, k) => text(pen, String(level), x, this.y(place(axis, k)) + 4, Math.max(40, room / 1.4), ground));
      else {
        text(pen, axis.format(axis.high), x, top - 7, 80, ground);
        text(pen, axis.format(axis.low), x, height - bottom + 15, 80, ground);
      }
    });
  }

  hit(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const i = this.axes.findIndex((_, k) => Math.abs(this.x(k) - x) < 18);
    return { i, share: Math.min(1, Math.max(0, (height - bottom - (event.clientY - box.top)) / (height - top - bottom))) };
  }

  down(event) {
    const { i, share } = this.hit(event);
    if (i < 0) return;
    this.drag = { name: this.axes[i].name, from: share };
    this.canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  move(event) {
    const { i, share } = this.hit(event);
    this.canvas.style.cursor = this.drag || i >= 0 ? 'ns-resize' : '';
    if (!this.drag) return;
    const brush = [Math.min(this.drag.from, share), Math.max(this.drag.from, share)];
    if (brush[1] - brush[0] > 0.02) {
      this.brushes = { ...this.brushes, [this.drag.name]: brush };
      this.request();
    }
  }

  up(event) {
    if (!this.drag) return;
    const { share } = this.hit(event);
    const brushes = { ...this.brushes };
    if (Math.abs(share - this.drag.from) <= 0.02) delete brushes[this.drag.name];
    this.drag = null;
    this.brushed(brushes);
  }

  destroy() {
    this.resize.disconnect();
    this.scheme.removeEventListener('change', this.onScheme);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }
}

/** Where a level stands on its axis. */
export const place = (axis, k) => (axis.levels.length === 1 ? 0.5 : 0.04 + (0.92 * k) / (axis.levels.length - 1));

/** An axis for values: words, few numbers and lists are levels; many numbers are a scale, of logarithms where they span decades. */
export function axisOf(name, label, values) {
  const known = [...new Set(values.filter(v => v !== null && v !== undefined))];
  const numbers = known.filter(v => typeof v === 'number');
  if (numbers.length === known.length && known.length > 8) {
    const low = Math.min(...numbers), high = Math.max(...numbers), log = low > 0 && high / low > 50;
    return { name, label, low, high, log, format: digits, at: v => (v === null || v === undefined ? null : log ? Math.log(v / low) / Math.log(high / low) : high > low ? (v - low) / (high - low) : 0.5) };
  }
  const levels = numbers.length === known.length ? numbers.sort((a, b) => a - b) : known.map(String);
  const axis = { name, label, levels: levels.map(v => (typeof v === 'number' ? digits(v) : v)) };
  const index = new Map(levels.map((v, k) => [v, k]));
  axis.at = v => (v === null || v === undefined ? null : place(axis, index.get(typeof v === 'number' ? v : String(v))));
  return axis;
}

function text(pen, words, x, y, room, ground) {
  let cut = words;
  while (cut.length > 3 && pen.measureText(cut).width > room) cut = `${cut.slice(0, -2)}…`;
  pen.save();
  pen.lineWidth = 3;
  pen.strokeStyle = ground;
  pen.strokeText(cut, x, y);
  pen.restore();
  pen.fillText(cut, x, y);
}
