'use strict';
// What the report's page can do beyond being read: figures are read out by pointer and keyboard, listed as tables, and filtered by arm and setting.
// Everything it needs stands in data- attributes: a curve's arm (a), setting (s), name (k), seeds (n), what its values are (q), places (x; epochs
// from 1 if absent), values (v) and their range (l, h). Numbers are shown as they are written there, so that they agree with the tables.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const list = text => text ? text.split(' ') : [];
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const draw = (parent, name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  };
  const shown = element => element.style.display !== 'none';

  // ---- What a panel has to say -------------------------------------------------------------------------------------------------------------
  // A reading is what is said at one place: a heading, lines of [name, value, colour class], and marks to draw there.

  const frame = svg => {
    const [left, right, top, bottom] = list(svg.dataset.box).map(Number), [x0, x1] = list(svg.dataset.x).map(Number), [y0, y1] = list(svg.dataset.y).map(Number);
    const share = (value, low, high) => Math.min(1, Math.max(0, (value - low) / (high - low)));
    return {
      left, right, top, bottom,
      toX: value => left + share(value, x0, x1) * (right - left),
      toY: value => bottom - share(value, y0, y1) * (bottom - top),
      fromX: x => x0 + (x - left) / (right - left) * (x1 - x0),
      fromY: y => y0 + (bottom - y) / (bottom - top) * (y1 - y0),
    };
  };
  const colour = group => [...group.classList].find(name => /^s\d$/.test(name)) || '';
  const nearest = (values, wanted) => values.reduce((best, value, i) => Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best, 0);
  const number = text => Number(text.replace('\u2212', '-'));

  const curveOf = group => {
    const { a, s, k, n, q, x, v, l, h } = group.dataset;
    const values = list(v), low = list(l), high = list(h);
    const places = x ? list(x).map(Number) : (values.length ? values : low).map((_, i) => i + 1);
    const text = i => [values[i], low[i] !== undefined ? values.length ? `(${low[i]} to ${high[i]})` : `${low[i]} to ${high[i]}` : ''].filter(Boolean).join(' ');
    return { a, s, k, n, q, places, values, low, high, text, group };
  };

  const plot = svg => {
    const at = frame(svg), names = svg.dataset.names ? svg.dataset.names.split('|') : null;
    const label = place => names ? names[Math.round(place) - 1] : place;
    const curves = () => all('g.c', svg).filter(shown).map(curveOf);
    const isDots = group => group.querySelector('circle.light') !== null;
    const places = () => [...new Set(curves().flatMap(c => c.places))].sort((a, b) => a - b);
    const reading = place => {
      const here = curves().map(c => ({ c, i: c.places.indexOf(place) })).filter(e => e.i >= 0 && c0(e));
      return {
        title: `${svg.dataset.xname} ${label(place)}`,
        lines: here.map(({ c, i }) => [c.k, `${c.text(i)}, n = ${c.n}`, colour(c.group)]),
        note: [...new Set(here.map(({ c }) => c.q))].join('; '),
        cross: at.toX(place),
        marks: here.filter(({ c }) => c.values.length).map(({ c, i }) => [at.toX(place), at.toY(number(c.values[i])), colour(c.group)]),
      };
    };
    const c0 = ({ c, i }) => c.values[i] !== undefined || c.low[i] !== undefined;
    const dot = (x, y) => {
      let best = null, distance = Infinity;
      for (const c of curves()) {
        c.places.forEach((place, i) => {
          const d = Math.hypot(at.toX(place) - x, at.toY(number(c.values[i])) - y);
          if (d < distance) [best, distance] = [{ c, place, i }, d];
        });
      }
      if (!best) return null;
      const { c, place, i } = best, mark = [at.toX(place), at.toY(number(c.values[i])), colour(c.group)];
      return { title: `${svg.dataset.xname} ${label(place)}`, lines: [[c.k, c.values[i], colour(c.group)]], note: c.q, marks: [mark] };
    };
    return {
      near: (x, y) => all('g.c', svg).some(isDots) ? dot(x, y) : (p => p.length ? reading(p[nearest(p, at.fromX(x))]) : null)(places()),
      steps: () => places().map(place => () => reading(place)),
      columns: ['line', 'arm', 'setting', svg.dataset.xname, 'value', 'low', 'high', 'n', 'what'],
      rows: () => curves().flatMap(c => c.places.map((place, i) => [c.k, c.a, c.s, label(place), c.values[i] ?? '', c.low[i] ?? '', c.high[i] ?? '', c.n, c.q])),
    };
  };

  const heat = svg => {
    const at = frame(svg), xs = list(svg.dataset.xe).map(Number), ys = list(svg.dataset.ye).map(Number), values = list(svg.dataset.v), seeds = list(svg.dataset.n);
    const columns = xs.length - 1, names = (svg.dataset.names || '').split('|'), ynames = (svg.dataset.ynames || '').split('|');
    const middle = (edges, i) => (edges[i] + edges[i + 1]) / 2, inside = (edges, value) => edges.findIndex((edge, i) => value >= edge && value < edges[i + 1]);
    const xLabel = x => svg.dataset.names ? names[x] : Math.round(middle(xs, x)), yLabel = y => svg.dataset.ynames ? ynames[y] : `${ys[y].toPrecision(3)} to ${ys[y + 1].toPrecision(3)}`;
    const n = cell => seeds.length === 1 ? seeds[0] : seeds[cell];
    const cell = (x, y) => {
      const value = x >= 0 && y >= 0 ? values[y * columns + x] : 'x';
      if (value === 'x' || value === undefined) return null;
      return {
        title: `${svg.dataset.xname} ${xLabel(x)}, ${svg.dataset.yname} ${yLabel(y)}`,
        lines: [[svg.dataset.k, `${value}, n = ${n(y * columns + x)}`, '']],
        note: '', marks: [[at.toX(middle(xs, x)), at.toY(middle(ys, y)), '']],
      };
    };
    const cells = () => values.map((value, i) => ({ value, i })).filter(c => c.value !== 'x');
    return {
      near: (x, y) => cell(inside(xs, at.fromX(x)), inside(ys, at.fromY(y))),
      steps: () => cells().map(c => () => cell(c.i % columns, Math.floor(c.i / columns))),
      columns: [svg.dataset.xname, svg.dataset.yname, 'value', 'n'],
      rows: () => cells().map(c => [xLabel(c.i % columns), yLabel(Math.floor(c.i / columns)), c.value, n(c.i)]),
    };
  };

  const parallel = svg => {
    const lines = () => all('path.c', svg).filter(shown);
    const reading = line => ({ title: line.dataset.k, lines: [['seeds', line.dataset.n, '']], note: '', marks: [], strong: line });
    const points = line => line.getAttribute('d').slice(1).split('L').map(p => p.split(' ').map(Number));
    const distance = (line, x, y) => {
      const p = points(line);
      const i = Math.min(p.length - 2, Math.max(0, p.findIndex(q => q[0] > x) - 1));
      const share = Math.min(1, Math.max(0, (x - p[i][0]) / (p[i + 1][0] - p[i][0])));
      return Math.abs(p[i][1] + share * (p[i + 1][1] - p[i][1]) - y);
    };
    return {
      near: (x, y) => {
        const best = lines().map(line => [distance(line, x, y), line]).sort((a, b) => a[0] - b[0])[0];
        return best && best[0] < 14 ? reading(best[1]) : null;
      },
      steps: () => lines().reverse().map(line => () => reading(line)),
      columns: ['combination', 'n'],
      rows: () => lines().reverse().map(line => [line.dataset.k, line.dataset.n]),
    };
  };

  const kinds = { plot, heat, parallel };

  // ---- Reading out -------------------------------------------------------------------------------------------------------------------------

  const tip = make('div', { className: 'tip', hidden: true }), said = make('p', { className: 'unseen' });
  said.setAttribute('aria-live', 'polite');
  document.body.append(tip, said);
  let overlay = null;

  const clear = () => {
    tip.hidden = true;
    if (overlay) overlay.remove();
    overlay = null;
    all('.p.strong').forEach(line => line.classList.remove('strong'));
  };

  const show = (svg, reading, clientX, clientY) => {
    clear();
    if (!reading) return;
    overlay = draw(svg, 'g', { class: 'over' });
    const box = list(svg.dataset.box).map(Number);
    if (reading.cross !== undefined) draw(overlay, 'path', { class: 'cross', d: `M${reading.cross} ${box[2]}V${box[3]}` });
    for (const [x, y, style] of reading.marks) draw(draw(overlay, 'g', { class: style }), 'circle', { class: style ? 'dot' : 'ring', cx: x, cy: y, r: style ? 3.5 : 5 });
    if (reading.strong) reading.strong.classList.add('strong');
    tip.replaceChildren(make('b', { textContent: reading.title }),
      ...reading.lines.map(([name, value, style]) => make('div', { className: `row ${style}` }, make('i'), make('span', { textContent: name }), make('span', { className: 'value', textContent: value }))));
    if (reading.note) tip.append(make('div', { className: 'note', textContent: reading.note }));
    tip.hidden = false;
    const size = tip.getBoundingClientRect(), room = document.documentElement.clientWidth;
    tip.style.left = `${Math.max(4, Math.min(clientX + 14, room - size.width - 4))}px`;
    tip.style.top = `${clientY + 18 + size.height > window.innerHeight ? Math.max(4, clientY - size.height - 14) : clientY + 18}px`;
  };

  const words = reading => [reading.title, ...reading.lines.map(([name, value]) => `${name}: ${value}`), reading.note].filter(Boolean).join('. ');

  for (const svg of all('svg[data-kind]')) {
    const panel = kinds[svg.dataset.kind](svg), box = svg.parentElement, size = svg.viewBox.baseVal;
    let step = -1;
    box.tabIndex = 0;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', `${svg.querySelector('title').textContent}. Arrow keys read the values.`);
    const point = event => {
      const area = svg.getBoundingClientRect();
      show(svg, panel.near((event.clientX - area.left) / area.width * size.width, (event.clientY - area.top) / area.height * size.height), event.clientX, event.clientY);
    };
    svg.addEventListener('pointermove', point);
    svg.addEventListener('pointerdown', point);
    svg.addEventListener('pointerleave', clear);
    box.addEventListener('blur', clear);
    box.addEventListener('keydown', event => {
      const steps = panel.steps(), last = steps.length - 1;
      const next = { ArrowRight: Math.min(last, step + 1), ArrowLeft: Math.max(0, step - 1), Home: 0, End: last }[event.key];
      if (event.key === 'Escape') clear();
      if (next === undefined || last < 0) return;
      event.preventDefault();
      step = next;
      const reading = steps[step](), area = svg.getBoundingClientRect(), scale = area.width / size.width;
      const [x, y] = reading.marks[0] || [size.width / 2, 60];
      show(svg, reading, area.left + x * scale, area.top + y * scale);
      said.textContent = words(reading);
    });
  }
  document.addEventListener('scroll', clear, { passive: true });

  // ---- The numbers of a figure as a table, made when asked for ------------------------------------------------------------------------------

  for (const figure of all('figure')) {
    const svgs = all('svg[data-kind]', figure);
    if (!svgs.length) continue;
    const details = make('details', { className: 'numbers' }, make('summary', { textContent: 'The numbers of this figure' }));
    details.addEventListener('toggle', () => {
      all('.table', details).forEach(old => old.remove());
      if (!details.open) return;
      const panels = svgs.filter(svg => shown(svg.parentElement)).map(svg => [svg.querySelector('title').textContent, kinds[svg.dataset.kind](svg)]);
      if (!panels.length) return;
      const head = make('tr', {}, ...['panel', ...panels[0][1].columns].map(name => make('th', { scope: 'col', textContent: name })));
      const rows = panels.flatMap(([title, panel]) => panel.rows().map(row => make('tr', {}, make('th', { scope: 'row', textContent: title }), ...row.map(value => make('td', { textContent: value })))));
      const caption = make('caption', {}, make('span', { textContent: `${figure.querySelector('.figtitle').textContent}. As drawn.` }));
      const box = make('div', { className: 'table', tabIndex: 0 }, make('table', {}, caption, make('thead', {}, head), make('tbody', {}, ...rows)));
      box.setAttribute('role', 'region');
      box.setAttribute('aria-label', 'The numbers of this figure');
      details.append(box);
    });
    figure.append(details);
  }

  // ---- Filter ------------------------------------------------------------------------------------------------------------------------------

  const filter = document.getElementById('filter');
  if (!filter) return;
  const boxes = all('input[type=checkbox]', filter), part = document.getElementById('part'), output = document.getElementById('shown');
  const off = kind => new Set(boxes.filter(box => box.name === kind && !box.checked).map(box => box.value));
  const apply = () => {
    clear();
    const arms = off('a'), settings = off('s'), wanted = part ? part.value.trim().toLowerCase() : '';
    const hidden = ({ a, s }) => arms.has(a) || settings.has(s) || (s && wanted && !s.toLowerCase().includes(wanted));
    for (const plotBox of all('.plot')) {
      const curves = all('.c, .b', plotBox);
      curves.forEach(curve => { curve.style.display = hidden(curve.dataset) ? 'none' : ''; });
      plotBox.style.display = hidden(plotBox.dataset) || (curves.length && !curves.some(shown)) ? 'none' : '';
    }
    all('details.numbers[open]').forEach(details => details.dispatchEvent(new Event('toggle')));
    const count = (kind, word) => {
      const own = boxes.filter(box => box.name === kind), on = own.filter(box => box.checked).length;
      return own.length && on < own.length ? `${on} of ${own.length} ${word}` : '';
    };
    output.textContent = [count('a', 'arms'), count('s', 'settings'), wanted && `settings with ${wanted}`].filter(Boolean).join(', ') || 'everything';
  };
  filter.addEventListener('input', apply);
  filter.addEventListener('submit', event => event.preventDefault());
  document.getElementById('everything').addEventListener('click', () => {
    boxes.forEach(box => { box.checked = true; });
    if (part) part.value = '';
    apply();
  });
  filter.hidden = false;
})();
