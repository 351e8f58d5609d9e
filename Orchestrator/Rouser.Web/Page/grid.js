// A table of thousands of rows: only those that are seen are there, a pool of them that is moved and filled anew.

import { h, setText } from './dom.js';

const rowHeight = 30, spare = 6;

export class Grid {
  /**
   * @param columns `{ key, title, width, number, fill(cell, row) }`; `fill` makes the cell's content once, and returns what changes it
   * @param sorted is called with the key of the column that was chosen
   */
  constructor(label, columns, sorted) {
    this.columns = columns;
    this.items = [];
    this.pool = [];
    this.frame = 0;
    this.heads = columns.map((column, i) => h('div', { class: classOf('column', column, i, columns), role: 'columnheader', 'aria-colindex': String(i + 1) },
      column.sorts === false ? h('span', { class: 'unseen', text: column.title }) : h('button', { class: 'plain', type: 'button', onclick: () => sorted(column.key) }, column.title)));
    columns.forEach((column, i) => { this.heads[i].style.width = `${column.width}px`; });
    this.body = h('div', { class: 'body', role: 'rowgroup' });
    this.element = h('div', { class: 'grid', role: 'table', tabindex: '0', 'aria-label': label, 'aria-colcount': String(columns.length) },
      h('div', { role: 'rowgroup' }, h('div', { class: 'head', role: 'row', 'aria-rowindex': '1' }, this.heads)), this.body);
    this.element.firstChild.className = 'top';
    this.element.addEventListener('scroll', () => this.request(), { passive: true });
    this.resize = new ResizeObserver(() => this.request());
    this.resize.observe(this.element);
  }

  /** Shows these, in their order. */
  set(items, sort, isDescending) {
    this.items = items;
    this.element.setAttribute('aria-rowcount', String(items.length + 1));
    this.body.style.height = `${items.length * rowHeight}px`;
    // No taller than its rows; the style sheet bounds it.
    this.element.style.maxHeight = `${Math.max(4, items.length) * rowHeight + 56}px`;
    this.columns.forEach((column, i) => {
      const isSorted = column.key === sort;
      if (isSorted) this.heads[i].setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      else this.heads[i].removeAttribute('aria-sort');
      if (column.sorts !== false) setText(this.heads[i].firstChild, `${column.title}${isSorted ? (isDescending ? ' ↓' : ' ↑') : ''}`);
    });
    this.request();
  }

  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / rowHeight) - spare);
    const count = Math.min(this.items.length - first, Math.ceil(this.element.clientHeight / rowHeight) + 2 * spare);
    while (this.pool.length < count) this.pool.push(this.make());
    this.pool.forEach((slot, i) => {
      // A row keeps its place in the pool by its index, so that scrolling by one row fills one.
      const size = this.pool.length, index = first + ((((i - first) % size) + size) % size);
      const isSeen = index < first + count && index < this.items.length;
      if (slot.isSeen !== isSeen) {
        slot.element.hidden = !isSeen;
        slot.isSeen = isSeen;
      }
      if (!isSeen) return;
      if (slot.index !== index) {
        slot.index = index;
        slot.element.style.transform = `translateY(${index * rowHeight}px)`;
        slot.element.setAttribute('aria-rowindex', String(index + 2));
      }
      const item = this.items[index];
      slot.fills.forEach(fill => fill(item));
    });
  }

  make() {
    const fills = [];
    const cells = this.columns.map((column, i) => {
      const cell = h('div', { class: classOf('cell', column, i, this.columns), role: 'cell', 'aria-colindex': String(i + 1) });
      cell.style.width = `${column.width}px`;
      fills.push(column.fill(cell));
      return cell;
    });
    const element = h('div', { class: 'row', role: 'row' }, cells);
    this.body.append(element);
    return { element, fills, index: -1, isSeen: true };
  }

  destroy() {
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
  }
}

const classOf = (kind, column, i, columns) => [kind, column.number ? 'n' : '', i === columns.length - 1 ? 'last' : ''].filter(Boolean).join(' ');
