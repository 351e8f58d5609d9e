// Spikes over time on a canvas: a cell for each step and neuron, or for some of each where there are more than fit.

import { Canvas } from './canvas.js';
import { colour, showTip } from './plot.js';

const left = 46, bottom = 20, least = 90;

export class RasterPlot extends Canvas {
  constructor(raster) {
    super({ 'aria-label': `${raster.name}: ${raster.spikes} spikes of ${raster.neurons} neurons in ${raster.steps} steps` });
    this.raster = raster;
    this.columns = Math.ceil(raster.steps / raster.stepsPerColumn);
    this.rows = Math.ceil(raster.neurons / raster.neuronsPerRow);
    this.height = Math.max(least, Math.min(240, 2 * this.rows)) + bottom;
  }

  draw() {
    const width = this.element.clientWidth;
    if (!width) return;
    const pen = this.clear(width, this.height), { raster } = this;
    this.step = (width - left - 2) / this.columns;
    this.row = (this.height - bottom) / this.rows;
    pen.strokeStyle = colour('rule');
    pen.strokeRect(left, 0.5, width - left - 2, this.height - bottom);
    pen.fillStyle = colour('c0');
    for (const cell of raster.cells) pen.fillRect(left + (cell % this.columns) * this.step, Math.floor(cell / this.columns) * this.row, Math.max(1.2, this.step), Math.max(1.2, this.row));
    pen.fillStyle = colour('muted');
    pen.font = '11px system-ui, sans-serif';
    pen.textAlign = 'right';
    pen.fillText('0', left - 6, 10);
    pen.fillText(String(raster.neurons - 1), left - 6, this.height - bottom);
    pen.fillText(`step ${raster.steps}`, width - 2, this.height - 5);
    pen.textAlign = 'left';
    pen.fillText('1', left, this.height - 5);
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect(), { raster } = this;
    const column = Math.floor((event.clientX - box.left - left) / this.step), row = Math.floor((event.clientY - box.top) / this.row);
    const isIn = column >= 0 && column < this.columns && row >= 0 && row < this.rows;
    const of = (at, size, all) => (size === 1 ? at : `${at * size} to ${Math.min(all, (at + 1) * size) - 1}`);
    showTip(isIn ? `neuron ${of(row, raster.neuronsPerRow, raster.neurons)}, step ${raster.stepsPerColumn === 1 ? column + 1 : `${column * raster.stepsPerColumn + 1} to ${Math.min(raster.steps, (column + 1) * raster.stepsPerColumn)}`}` : '', event);
  }
}
