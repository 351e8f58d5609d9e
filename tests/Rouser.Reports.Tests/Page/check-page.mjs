// Opens a report in headless Chromium, at two widths in both colour schemes, and looks for what a reader would mind.
//   node check-page.mjs CHROMIUM PAGE.html FOLDER [--screenshots] [--axe]
// Prints a line for each fault and ends with 1 if there are any; screenshots and a print go to FOLDER; --axe asks axe-core alone. Chromium is spoken to over a pipe (DevTools protocol), so no port is opened.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [chromium, page, folder, ...options] = process.argv.slice(2);
const withShots = options.includes('--screenshots'), axeOnly = options.includes('--axe');
const views = [
  { name: 'desktop', width: 1200, height: 900 },
  { name: 'phone', width: 390, height: 844 },
  ...(withShots ? [{ name: 'wide', width: 1600, height: 1000 }] : []),
];
const schemes = ['light', 'dark'];
const axeFile = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', 'axe-core', 'axe.min.js');
const axeScript = axeOnly ? readFileSync(axeFile, 'utf8') : '';
mkdirSync(folder, { recursive: true });

const browser = spawn(chromium, [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--hide-scrollbars', '--disable-dev-shm-usage', `--user-data-dir=${join(resolve(folder), 'profile')}`, '--remote-debugging-pipe', 'about:blank',
], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });

// ---- The protocol: JSON texts, each ended by a NUL ---------------------------------------------------------------------------------------------

const [, , , toBrowser, fromBrowser] = browser.stdio;
const waiting = new Map(), listeners = [];
let next = 0, rest = '';
fromBrowser.setEncoding('utf8');
fromBrowser.on('data', text => {
  const messages = (rest + text).split('\0');
  rest = messages.pop();
  for (const message of messages.map(m => JSON.parse(m))) {
    if (message.id === undefined) listeners.forEach(listen => listen(message));
    else {
      const { accept, refuse } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) refuse(new Error(message.error.message));
      else accept(message.result);
    }
  }
});
browser.on('exit', () => waiting.forEach(({ refuse }) => refuse(new Error('Chromium ended.'))));
const call = (method, params = {}, sessionId = undefined) => new Promise((accept, refuse) => {
  const id = ++next;
  waiting.set(id, { accept, refuse });
  toBrowser.write(JSON.stringify({ id, method, params, sessionId }) + '\0');
});
const event = (method, sessionId) => new Promise(accept => {
  const listen = message => {
    if (message.method !== method || message.sessionId !== sessionId) return;
    listeners.splice(listeners.indexOf(listen), 1);
    accept(message.params);
  };
  listeners.push(listen);
});

// ---- What is looked at, inside the page --------------------------------------------------------------------------------------------------------

const inspect = () => {
  const faults = [], all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const what = element => `${element.closest('[id]')?.id ?? '?'}: '${element.textContent.trim().slice(0, 40)}'`;

  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push(`the page is wider than the window by ${document.documentElement.scrollWidth - document.documentElement.clientWidth} px`);

  // Text over text. Rectangles are those of glyph lines, so a little is let pass; what is folded away has none, what is scrolled out of its box counts for nothing.
  const boxes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest('script,title,desc,.unseen,.tip,#filter,.skip') || !parent.checkVisibility()) continue;
    const range = document.createRange(), clip = parent.closest('.table, .wide')?.getBoundingClientRect();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) {
      const box = { parent, left: r.left + 1, right: r.right - 1, top: r.top + r.height * 0.2, bottom: r.bottom - r.height * 0.2 };
      if (clip) Object.assign(box, { left: Math.max(box.left, clip.left), right: Math.min(box.right, clip.right), top: Math.max(box.top, clip.top), bottom: Math.min(box.bottom, clip.bottom) });
      if (box.right > box.left && box.bottom > box.top) boxes.push(box);
    }
  }
  boxes.sort((a, b) => a.top - b.top);
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
      if (boxes[i].parent !== boxes[j].parent && boxes[i].left < boxes[j].right && boxes[j].left < boxes[i].right) faults.push(`text over text, ${what(boxes[i].parent)} and ${what(boxes[j].parent)}`);
    }
  }

  // Text that a figure cuts off.
  for (const svg of all('figure svg')) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    for (const text of all('text', svg)) {
      const r = text.getBoundingClientRect();
      if (r.left < frame.left - 1 || r.right > frame.right + 1 || r.top < frame.top - 1 || r.bottom > frame.bottom + 1) faults.push(`text cut off, ${what(text)}`);
    }
  }

  // Contrast by WCAG 2.1.
  const channels = colour => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const c = channels(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return luminance(c);
    }
    return 1;
  };
  for (const parent of new Set(boxes.map(b => b.parent))) {
    const style = getComputedStyle(parent), colour = luminance(channels(parent.closest('svg') && parent.matches('text') ? style.fill : style.color));
    const grounds = parent.matches('.cell') ? all('path[class^=h]', parent.closest('svg')).map(p => luminance(channels(getComputedStyle(p).fill))) : [ground(parent)];
    const least = Math.min(...grounds.map(g => contrast(colour, g)));
    if (least < 4.5) faults.push(`contrast ${least.toFixed(2)}, ${what(parent)}`);
  }

  for (const table of all('table')) {
    if (!table.caption?.textContent.trim()) faults.push(`table without a caption, ${what(table)}`);
    if (!table.tHead || !all('th', table.tHead).length) faults.push(`table without headers, ${what(table)}`);
    all('th', table).filter(th => !th.scope).forEach(th => faults.push(`header without a scope, ${what(th)}`));
  }
  for (const svg of all('svg[role=img]')) {
    if (!(svg.getAttribute('aria-labelledby') ?? '').split(' ').every(id => document.getElementById(id)?.textContent.trim())) faults.push(`figure without title or description, ${what(svg)}`);
  }
  for (const input of all('input')) if (!input.labels.length) faults.push(`input without a label, ${input.name}`);
  for (const [selector, word] of [['main', 'main'], ['nav', 'navigation'], ['header', 'header'], ['a.skip', 'skip link']]) if (!document.querySelector(selector)) faults.push(`no ${word}`);
  return faults;
};

// On paper: nothing beyond the edge of the sheet, no picture too small to be read.
const onPaper = () => {
  const faults = [], all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const edge = document.querySelector('main').getBoundingClientRect().right + 1;
  for (const table of all('main table')) {
    const over = table.getBoundingClientRect().right - edge;
    if (over > 0) faults.push(`the table '${table.caption.textContent.slice(0, 60)}' is cut off by ${Math.round(over)} px`);
  }
  for (const svg of all('figure svg[viewBox]')) {
    const r = svg.getBoundingClientRect(), scale = r.width / svg.viewBox.baseVal.width;
    if (!r.width) continue;
    if (r.right > edge) faults.push(`the figure '${svg.querySelector('title').textContent}' is cut off by ${Math.round(r.right - edge)} px`);
    // Type of 10.5 px comes to 5.5 points at 0.7.
    if (scale < (svg.closest('.wide') ? 0.5 : 0.7)) faults.push(`the figure '${svg.querySelector('title').textContent}' is a thumbnail, at ${scale.toFixed(2)} of its size`);
  }
  for (const hidden of all('nav, #filter, .tip')) if (hidden.checkVisibility()) faults.push(`${hidden.tagName} is on paper`);
  return faults;
};

// What axe-core finds, where its script is there.
const axe = async () => (await window.axe.run()).violations.map(v => `axe ${v.id}: ${v.nodes.length} × ${v.help}, ${v.nodes[0].target}`);

// Reads every panel by keyboard, hovers over the middle of each, opens the numbers, filters everything off and on again.
const use = async () => {
  const faults = [], all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tip = document.querySelector('.tip'), said = document.querySelector('[aria-live]'), shown = e => e.style.display !== 'none';
  for (const svg of all('svg[data-kind]')) {
    const name = svg.querySelector('title').textContent;
    said.textContent = '';
    svg.parentElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    if (!said.textContent || tip.hidden || /undefined|NaN/.test(tip.textContent)) faults.push(`the keyboard reads nothing out of '${name}': '${tip.textContent}'`);
    const at = tip.getBoundingClientRect();
    if (!tip.hidden && (at.left < 0 || at.right > document.documentElement.clientWidth + 1)) faults.push(`what is read out of '${name}' does not fit the window`);
    const r = svg.getBoundingClientRect();
    for (const share of [0.4, 0.5, 0.6]) svg.dispatchEvent(new PointerEvent('pointermove', { clientX: r.left + r.width * share, clientY: r.top + r.height * share, bubbles: true }));
    if (/undefined|NaN/.test(tip.textContent)) faults.push(`hovering over '${name}' says '${tip.textContent}'`);
    svg.dispatchEvent(new PointerEvent('pointerleave', { bubbles: true }));
  }
  for (const details of all('details.numbers')) details.open = true;
  await new Promise(done => setTimeout(done, 50));
  for (const details of all('details.numbers')) {
    if (!details.querySelector('table td') || /undefined|NaN/.test(details.textContent)) faults.push(`no numbers in ${details.closest('figure').id}`);
    details.open = false;
  }
  await new Promise(done => setTimeout(done, 50));
  for (const kind of ['a', 's']) {
    const boxes = all(`#filter input[name=${kind}]`), owned = () => all(`.c[data-${kind}]`).filter(c => c.dataset[kind]);
    if (!boxes.length) continue;
    boxes[0].click();
    if (owned().some(c => c.dataset[kind] === boxes[0].value && shown(c))) faults.push(`the filter leaves '${boxes[0].value}'`);
    if (!owned().some(c => c.dataset[kind] !== boxes[0].value && shown(c))) faults.push(`the filter takes more than '${boxes[0].value}'`);
    document.getElementById('everything').click();
    if (owned().some(c => !shown(c))) faults.push('the filter does not give everything back');
  }
  return faults;
};

// ---- All views ---------------------------------------------------------------------------------------------------------------------------------

let faults = 0;
const complain = text => {
  faults++;
  console.log(text);
};
try {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const send = (method, params) => call(method, params, sessionId);
  const run = async body => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression: `(${body})()`, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  let view = '';
  listeners.push(message => {
    const { method, params } = message;
    if (method === 'Runtime.exceptionThrown') complain(`${view}: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type)) complain(`${view}: console: ${params.args.map(a => a.value ?? a.description).join(' ')}`);
    if (method === 'Log.entryAdded' && ['error', 'warning'].includes(params.entry.level)) complain(`${view}: log: ${params.entry.text}`);
    if (method === 'Network.requestWillBeSent' && !/^(file|data|about):/.test(params.request.url)) complain(`${view}: asks for ${params.request.url}`);
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  for (const { name, width, height } of views) {
    for (const scheme of schemes) {
      view = `${name}, ${scheme}`;
      await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
      await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      const loaded = event('Page.loadEventFired', sessionId);
      await send('Page.navigate', { url: pathToFileURL(resolve(page)).href });
      await loaded;
      for (const check of axeOnly ? [] : [inspect, use]) for (const fault of await run(check)) complain(`${view}: ${fault}`);
      if (axeOnly) {
        await send('Runtime.evaluate', { expression: axeScript });
        for (const fault of await run(axe)) complain(`${view}: ${fault}`);
      }
      if (!withShots) continue;
      const { cssContentSize } = await send('Page.getLayoutMetrics');
      const { data } = await send('Page.captureScreenshot', { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height: Math.min(cssContentSize.height, 16000), scale: 1 } });
      writeFileSync(join(folder, `${name}-${scheme}.png`), Buffer.from(data, 'base64'));
    }
  }
  // A4 without its margins.
  view = 'paper';
  await send('Emulation.setDeviceMetricsOverride', { width: 703, height: 1000, deviceScaleFactor: 1, mobile: false });
  await send('Emulation.setEmulatedMedia', { media: 'print', features: [] });
  for (const fault of await run(onPaper)) complain(`${view}: ${fault}`);
  if (withShots) {
    const { data } = await send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true });
    writeFileSync(join(folder, 'paper.pdf'), Buffer.from(data, 'base64'));
  }
} catch (error) {
  complain(String(error.stack ?? error));
} finally {
  browser.kill();
}
console.log(faults ? `${faults} faults` : 'no faults');
process.exitCode = faults ? 1 : 0;
