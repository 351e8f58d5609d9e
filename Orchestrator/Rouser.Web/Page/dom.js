// Elements from data. Text is only ever set as text: nothing that a sweep file or a worker wrote can become markup.

/** An element. Attributes: `class`, `text`, `on…` (a listener), a property that the element has, or an attribute. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'text') element.textContent = value;
    else if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** The same of SVG. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = value;
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity));
  return element;
}

/** A labelled choice. */
export function choice(label, options, value, change) {
  const select = h('select', { onchange: event => change(event.target.value) });
  for (const [key, text] of options) select.append(h('option', { value: String(key), text, selected: String(key) === String(value) }));
  return h('label', { class: 'field' }, h('span', { text: label }), select);
}

/** Tags, each by itself. */
export const tagList = tags => (tags ?? []).map(tag => h('span', { class: 'tag', text: tag }));

/** A labelled check box. */
export function check(label, value, change) {
  return h('label', { class: 'field' }, h('input', { type: 'checkbox', checked: value, onchange: event => change(event.target.checked) }), h('span', { text: label }));
}

/** Replaces the text of an element if it is another one; an unchanged node costs no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Says something to those who listen. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

/** A table; cells are texts or nodes, columns `{ title, number }`. */
export function table(caption, columns, rows) {
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {},
      h('caption', { text: caption }),
      h('thead', {}, h('tr', {}, columns.map(c => h('th', { scope: 'col', class: c.number ? 'n' : undefined, text: c.title })))),
      h('tbody', {}, rows.map(row => h('tr', {}, row.map((cell, i) => {
        const own = { class: columns[i].number ? 'n' : undefined };
        const element = i === 0 ? h('th', { scope: 'row', ...own }) : h('td', own);
        element.append(cell ?? '');
        return element;
      }))))));
}
