// Heat maps over epochs, on a canvas: rows are layers of arms, columns epochs, shades the report's.

import { Canvas } from './canvas.js';
import { h } from './dom.js';
import { colour, showTip } from './plot.js';

const rowHeight = 22, shades = 10;

/** A scale from 0 to 100 %. */
export const scale = text => h('span', { class: 'scale' }, text, ' 0 %', h('span', { 'aria-hidden': 'true' }, Array.from({ length: shades }, (_, i) => h('i', { class: `g${i}` }))), '100 %');

export class Heat extends Canvas {
  constructor() {
    super();
    this.rows = [];
  }

  /** @param rows `{ name, values }`: shares from 0 to 1, one for each epoch */
  set(rows, said) {
    this.rows = rows;
    this.element.setAttribute('aria-label', said);
    this.draw();
  }

  draw() {
    const width = this.element.clientWidth;
    if (!width || !this.rows.length) return;
    const height = this.rows.length * rowHeight + 22, pen = this.clear(width, height);
    pen.font = '12px system-ui, sans-serif';
    this.left = Math.min(width * 0.4, 10 + Math.max(...this.rows.map(r => pen.measureText(r.name).width)));
    this.epochs = Math.max(1, ...this.rows.map(r => r.values.length));
    this.step = (width - this.left - 2) / this.epochs;
    const ink = colour('ink'), muted = colour('muted'), fills = Array.from({ length: shades }, (_, i) => colour(`g${i}`));
    this.rows.forEach((row, y) => {
      pen.fillStyle = ink;
      pen.textBaseline = 'middle';
      pen.fillText(fitted(pen, row.name, this.left - 8), 0, y * rowHeight + rowHeight / 2);
      row.values.forEach((value, x) => {
        if (value === null || value === undefined) return;
        pen.fillStyle = fills[Math.min(shades - 1, Math.floor(value * shades))];
        pen.fillRect(this.left + x * this.step, y * rowHeight + 1, Math.max(1, this.step - (this.step > 6 ? 1 : 0)), rowHeight - 2);
      });
    });
    pen.fillStyle = muted;
    pen.textBaseline = 'alphabetic';
    pen.fillText('1', this.left, height - 6);
    pen.textAlign = 'right';
    pen.fillText(`epoch ${this.epochs}`, width - 2, height - 6);
    pen.textAlign = 'left';
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = Math.floor((event.clientX - box.left - this.left) / this.step), y = Math.floor((event.clientY - box.top) / rowHeight);
    const value = this.rows[y]?.values[x];
    showTip(value === null || value === undefined ? '' : `${this.rows[y].name}, epoch ${x + 1}: ${(100 * value).toFixed(1)} %`, event);
  }
}

function fitted(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let cut = text;
  while (cut && pen.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
