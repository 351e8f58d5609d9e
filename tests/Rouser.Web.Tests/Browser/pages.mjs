// What a reader does on the live page, in headless Chromium.
//   node pages.mjs SCENARIO CHROMIUM URL TOKEN
// Prints a line for each fault and ends with 1 if there are any. A line `> word` asks whoever started it to do something outside the browser, and waits for a line of answer.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [scenario, executablePath, url, token] = process.argv.slice(2);
const shots = process.env.PAGE_SHOTS, patience = 60_000;
const axeSource = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

let faults = 0, where = '';
const complain = text => {
  faults++;
  console.log(`${where}: ${text}`);
};
const check = (isSo, text) => isSo || complain(text);
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const outside = async word => {
  console.log(`> ${word}`);
  await input.next();
};

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** A page of its own browser profile. Faults of the console and requests to elsewhere are told; `allow` is a pattern of errors that are expected. */
async function open({ width = 1200, height = 900, scheme = 'light', hash = `#token=${token}`, allow = /^$/ } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.on('console', message => ['error', 'warning'].includes(message.type()) && !allow.test(message.text()) && complain(`console: ${message.text()}`));
  page.on('pageerror', error => complain(error.stack));
  page.on('dialog', dialog => { complain(`a script of the data ran: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', request => new URL(request.url()).origin !== new URL(url).origin && complain(`asks for ${request.url()}`));
  await page.goto(url + hash);
  return page;
}

const ready = page => page.waitForSelector('nav.views');
const go = async (page, hash) => {
  await page.evaluate(to => { location.hash = to; }, hash);
  await page.waitForFunction(() => document.querySelector('main').children.length > 0);
};
const says = (page, text) => page.waitForFunction(t => document.body.innerText.includes(t), text);
const axe = async page => {
  await page.evaluate(axeSource);
  for (const v of await page.evaluate(async () => (await window.axe.run()).violations.map(v => `axe ${v.id}: ${v.nodes.length} × ${v.help}, ${v.nodes[0].target}`))) complain(v);
};
const count = async (page, word) => {
  await page.waitForFunction(w => document.querySelector('main').innerText.includes(w), word);
};

const views = {
  overview: ['', 'canvas', 'no conclusion'],
  trials: ['#view=trials', '.grid .row', 'completed'],
  layers: ['#view=layers', '.heat canvas', 'Thresholds'],
  workers: ['#view=workers', 'tbody tr', 'silent for 60 s'],
  trial: ['#view=trial&i=0', 'canvas', 'threshold.init'],
  compare: ['#view=compare&i=0,1,2', 'canvas', 'What differs'],
};

const scenarios = {
  async look() {
    for (const width of [390, 1200, 1920]) {
      for (const scheme of ['light', 'dark']) {
        const page = await open({ width, scheme });
        await ready(page);
        check(!page.url().includes(token), 'the token stays in the address');
        for (const [name, [hash, selector, text]] of Object.entries(views)) {
          where = `${name}, ${width}, ${scheme}`;
          await go(page, hash);
          await page.waitForSelector(selector);
          await says(page, text);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          check(over <= 0, `wider than the window by ${over} px`);
          await axe(page);
          if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
        }
        await page.context().close();
      }
    }
    await use();
  },

  /** Pause, cancel, retry, continue, and on to the end. */
  async act() {
    const page = await open();
    await ready(page);
    where = 'act';
    const confirm = async (button, word, part = 'header') => {
      await page.click(`${part} button:has-text("${button}")`);
      await page.waitForSelector('dialog[open]');
      await page.click(`dialog button[type=submit]:has-text("${word}")`);
      await page.waitForSelector('dialog button[type=submit]', { state: 'hidden' });
      const said = await page.textContent('dialog [role=status]');
      await page.click('dialog button:has-text("Close")');
      return said;
    };
    await count(page, '1 running');
    check((await confirm('Pause', 'Pause')).startsWith('paused'), 'no answer to a pause');
    await says(page, 'paused');
    await outside('train');
    // What runs, runs to its end; nothing follows.
    await count(page, '1 completed');
    await count(page, '11 queued');
    await go(page, '#view=trials&state=queued');
    await page.waitForSelector('.grid .row:not([hidden])');
    for (const i of [0, 1]) await page.click(`.grid .row:not([hidden]) >> nth=${i} >> input`);
    check((await confirm('Cancel …', 'Cancel', 'main')).includes('cancelled 1 trial'), 'no answer to a cancellation');
    await go(page, '#view=trials&state=cancelled');
    await page.waitForFunction(() => document.querySelectorAll('.grid .row:not([hidden])').length === 2);
    await page.click('.grid .row:not([hidden]) >> nth=0 >> a');
    await page.waitForSelector('h2:has-text("Trial ")');
    await page.click('main button:has-text("Retry …")');
    await page.click('dialog button[type=submit]:has-text("Retry")');
    await page.waitForSelector('dialog button[type=submit]', { state: 'hidden' });
    await page.click('dialog button:has-text("Close")');
    await page.waitForFunction(() => document.querySelector('main').innerText.includes('queued'));
    // Notes and tags: of the sweep, of a trial, of several; and the table filtered by one.
    where = 'notes';
    const write = async (fields, word) => {
      await page.waitForSelector('dialog[open]');
      for (const [name, text] of Object.entries(fields)) await page.fill(`dialog #${name}`, text);
      await axe(page);
      await page.click(`dialog button[type=submit]:has-text("${word}")`);
      await page.waitForSelector('dialog button[type=submit]', { state: 'hidden' });
      const said = await page.textContent('dialog [role=status]');
      await page.click('dialog button:has-text("Close")');
      return said;
    };
    await page.click('header button:has-text("Note …")');
    check((await write({ note: 'a pilot\n<img src=x onerror=alert(1)>', tags: 'pilot, october' }, 'Write it')) === 'written to the sweep', 'no answer to a note');
    await page.click('main button:has-text("Note …")');
    await write({ note: 'odd <b>curve</b>' }, 'Write it');
    await says(page, 'odd <b>curve</b>');
    await go(page, '#view=trials&state=queued');
    await page.waitForSelector('.grid .row:not([hidden])');
    for (const i of [0, 1, 2]) await page.click(`.grid .row:not([hidden]) >> nth=${i} >> input`);
    await page.click('main button:has-text("Tag …")');
    check((await write({ put: 'rerun' }, 'Tag')) === 'written to 3 trials', 'no answer to a tag');
    await page.selectOption('label:has-text("tag") select', 'rerun');
    await page.waitForFunction(() => document.querySelectorAll('.grid .row:not([hidden])').length === 3);
    check(page.url().includes('tag=rerun'), 'a link does not hold the tag');
    await page.click('main button:has-text("Tag …")');
    await page.fill('dialog #put', '<b>');
    await page.click('dialog button[type=submit]');
    await page.waitForFunction(() => document.querySelector('dialog [role=status]').textContent.startsWith('<b> is no tag'));
    await page.click('dialog button:has-text("Leave it")');
    await go(page, '');
    await page.waitForSelector('.written .tag:has-text("october")');
    await says(page, '<img src=x onerror=alert(1)>');
    await axe(page);
    where = 'act';
    await confirm('Continue', 'Continue');
    await go(page, '');
    await says(page, 'finished');
    await count(page, '11 completed');
    await count(page, '1 cancelled');
    check((await page.title()).startsWith('finished'), 'the title does not say that it has ended');
    await page.context().close();
  },

  /** One worker stands still, one is killed; the page says so of both, while the third trains on. */
  async workers() {
    const page = await open({ hash: `#token=${token}&view=workers` });
    await ready(page);
    where = 'workers';
    const stateOf = (worker, word) => page.waitForFunction(([w, text]) => [...document.querySelectorAll('tbody tr')].some(r => r.querySelector('th')?.textContent === w && r.innerText.includes(text)), [worker, word]);
    for (const worker of ['steady', 'still', 'killed']) await stateOf(worker, 'here');
    await outside('stop');
    await stateOf('still', 'silent');
    await stateOf('still', 'gone, lost trials');
    await says(page, 'still was silent for');
    await outside('kill');
    await stateOf('killed', 'gone, lost trials');
    await says(page, 'killed was silent for');
    await stateOf('steady', 'here');
    await axe(page);
    // It comes back as if nothing had been.
    await outside('go on');
    await stateOf('still', 'here');
    // The study that was raised is trained next, and the page says so.
    where = 'priority';
    await go(page, '');
    await page.click('header button:has-text("Priority …")');
    await page.selectOption('dialog #study', { label: 'later (0)' });
    await page.fill('dialog #priority', '7');
    await axe(page);
    await page.click('dialog button[type=submit]');
    await page.waitForSelector('dialog button[type=submit]', { state: 'hidden' });
    check((await page.textContent('dialog [role=status]')).startsWith('study later has priority 7'), 'no answer to a priority');
    await page.click('dialog button:has-text("Close")');
    await says(page, 'Priorities: sooner 0, later 7.');
    await page.context().close();
  },

  /** A completed trial: its confusion matrix, and a test sample in its network. */
  async kept() {
    const page = await open({ hash: `#token=${token}&view=trial&i=0` });
    await ready(page);
    where = 'kept';
    await page.waitForSelector('table.matrix');
    await says(page, '2 of 4 test samples are right (50.0 %)');
    await page.fill('#sample', '1');
    await page.click('button:has-text("Show its spikes")');
    await says(page, 'Sample 1 of 3: class <one>, the network says zero.');
    await page.waitForSelector('[aria-label^="input: 3 spikes of 700 neurons in 1000 steps"] canvas');
    await page.waitForSelector('[aria-label^="layer 1: 2 spikes of 8 neurons"] canvas');
    await says(page, 'completed');
    await axe(page);
    if (shots) await page.screenshot({ path: join(shots, 'kept-1200-light.png'), fullPage: true });
    await page.fill('#sample', '99');
    await page.click('button:has-text("Show its spikes")');
    await says(page, 'The test set has 3 samples.');
    // The second trial has nothing kept.
    await go(page, '#view=trial&i=1');
    await says(page, 'No predictions of this trial are kept.');
    // Who leaves ends the work.
    await go(page, '#view=trial&i=0');
    await page.waitForSelector('table.matrix');
    await page.fill('#sample', '2');
    await page.click('button:has-text("Show its spikes")');
    await outside('reading');
    await go(page, '#view=trials');
    await outside('left');
    await page.context().close();
  },

  async return() {
    const page = await open({ allow: /ERR_|Failed to load resource/ });
    await ready(page);
    where = 'return';
    await count(page, '1 running');
    await outside('kill');
    await says(page, 'not connected');
    await outside('back');
    await says(page, 'finished');
    await count(page, '12 completed');
    await page.context().close();
  },

  async refuse() {
    where = 'refuse';
    const page = await open({ hash: '', allow: /401/ });
    await page.waitForSelector('#token');
    check(!(await page.textContent('body')).includes('two-arms'), 'the name of the sweep is shown to anybody');
    await axe(page);
    await page.fill('#token', 'not-the-token-at-all');
    await page.click('button:has-text("Open the page")');
    await says(page, 'Refused');
    await page.fill('#token', token);
    await page.click('button:has-text("Open the page")');
    await ready(page);
    await page.reload();
    await ready(page);
    const cookies = await page.context().cookies();
    check(cookies.length === 1 && cookies[0].httpOnly && cookies[0].sameSite === 'Strict' && !cookies[0].value.includes(token), `the cookie is ${JSON.stringify(cookies)}`);
    await page.context().close();
  },
};

/** Filter, sort, search, brush, select and compare; and a link that holds all that. */
async function use() {
  where = 'use';
  const page = await open();
  await ready(page);
  await go(page, '#view=trials');
  const rows = () => page.evaluate(() => [...document.querySelectorAll('.grid .row:not([hidden])')].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map(r => r.innerText.replaceAll('\n', ' ')));
  const rowsAre = number => page.waitForFunction(n => document.querySelectorAll('.grid .row:not([hidden])').length === n, number);
  await rowsAre(12);
  await page.click('button:has-text("failed 1")');
  await rowsAre(1);
  check((await rows())[0].includes('<b>diverged</b>'), 'a reason is no text');
  await page.click('button:has-text("failed 1")');
  await page.fill('input[type=search]', 'learned th=1');
  await rowsAre(3);
  await page.fill('input[type=search]', '');
  await rowsAre(12);
  await page.click('.grid .column button:has-text("test accuracy")');
  await page.click('.grid .column button:has-text("test accuracy")');
  await page.waitForSelector('[aria-sort=descending]');
  const values = (await rows()).map(r => r.match(/(\d+\.\d) %/)?.[1]).map(v => (v === undefined ? -1 : Number(v)));
  check(values.every((v, i) => i === 0 || v <= values[i - 1]), `not sorted: ${values}`);
  // The arm's axis is the first: its upper half is brushed.
  const box = await page.locator('.parallel canvas').boundingBox();
  await page.mouse.move(box.x + 50, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 50, box.y + 120, { steps: 4 });
  await page.mouse.up();
  await rowsAre(6);
  check((await rows()).every(r => r.includes('learned')), 'the table does not follow the brush');
  const other = await open({ hash: `${new URL(page.url()).hash}&token=${token}` });
  await ready(other);
  await other.waitForFunction(() => document.querySelectorAll('.grid .row:not([hidden])').length === 6 && document.querySelector('[aria-sort=descending]'));
  await other.context().close();
  for (const i of [0, 1]) await page.click(`.grid .row:not([hidden]) >> nth=${i} >> input`);
  await page.click('button:has-text("Compare")');
  await says(page, 'What differs');
  await page.context().close();
}

try {
  await scenarios[scenario]();
} catch (error) {
  complain(error.stack);
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(await page.evaluate(() => document.body.innerText.slice(0, 1500)).catch(() => ''));
} finally {
  await browser.close();
}
process.exit(faults ? 1 : 0);
