// A canvas in a box of the page: drawn anew when the box's width or the colour scheme changes, sharp on any screen.

import { h } from './dom.js';
import { showTip } from './plot.js';

/** What draws on it says how (`draw`), and what the pointer is told (`point`). */
export class Canvas {
  constructor(attributes = {}) {
    this.canvas = h('canvas');
    this.element = h('div', { class: 'heat', role: 'img', ...attributes }, this.canvas);
    this.canvas.addEventListener('pointermove', event => this.point(event));
    this.canvas.addEventListener('pointerleave', () => showTip('', null));
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(this.element);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.onScheme = () => this.draw();
    this.scheme.addEventListener('change', this.onScheme);
  }

  /** A pen on an empty canvas of that size, in pixels of the page. */
  clear(width, height) {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.height = `${height}px`;
    const pen = this.canvas.getContext('2d');
    pen.scale(ratio, ratio);
    return pen;
  }

  destroy() {
    this.resize.disconnect();
    this.scheme.removeEventListener('change', this.onScheme);
    showTip('', null);
  }
}
