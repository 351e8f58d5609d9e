// What the live page costs, measured.
//   node measure.mjs CHROMIUM ROUSER FOLDER [page | dispatch]
// page: a finished run of 5,000 trials of 100 epochs (made in FOLDER with the noop engine if it is not there, some ten minutes): bundle, first paint, rows of the table, script and layout of a frame while scrolling.
// dispatch: runs of 1,000 trials of 25 epochs of 2 ms, by turns without anybody and with one browser and 50 clients of the event stream, which get what rouser leaves of the processor (as if they were elsewhere) or as much as it (here): epochs a second, the processor time of rouser itself, and, of browsers here, how long an update takes from its record to the page.
// Prints one line of JSON for each. Figures depend on the machine and on what else it does.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const [executablePath, rouser, folder, only] = process.argv.slice(2);

// In a process of its own: clients of the event stream that throw away what they get. `node measure.mjs clients URL NUMBER`
if (executablePath === 'clients') {
  for (let i = 0; i < Number(folder); i++) get(`${rouser}page/api/0/events`, { headers: { Authorization: 'Bearer a-token-that-only-measures' } }, answer => answer.on('error', () => {}).resume()).on('error', () => {});
  await new Promise(() => { setInterval(() => {}, 1000); });
}

const token = 'a-token-that-only-measures', tokenFile = join(folder, 'token'), environment = { ...process.env, ROUSER_STORE: 'none', ROUSER_TOKEN: '' };
mkdirSync(folder, { recursive: true });
writeFileSync(tokenFile, token, { mode: 0o600 });
const circumstances = { cpus: cpus().length, processor: cpus()[0].model, load: loadavg()[0].toFixed(1) };
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));

const sweep = (name, epochs, settings, seeds, milliseconds) => `schema: rouser/sweep/v1
name: ${name}
base:
  engine: noop
  noop.epoch_ms: ${milliseconds}
  dataset: {name: saccade-digits, train_samples: 10, test_samples: 10}
  network.hidden: [64, 64]
  epochs: ${epochs}
arms:
  slayer: {threshold.rule: fixed}
  rouser: {threshold.rule: learned, threshold.learning_rate: 0.01}
seeds: [${Array.from({ length: seeds }, (_, i) => i)}]
studies:
  thresholds:
    over: {threshold.init: [${Array.from({ length: settings }, (_, i) => ((i + 1) / 10).toFixed(1))}]}
report: {compare_to: slayer}
`;

/** Starts rouser with a page; resolves when the page answers. */
async function start(port, ...commandLine) {
  const process_ = spawn(rouser, [...commandLine, '--token-file', tokenFile], { env: environment, stdio: 'ignore' });
  for (let i = 0; i < 600; i++) {
    if (await fetch(`http://127.0.0.1:${port}/`).then(a => a.ok).catch(() => false)) return process_;
    await wait(100);
  }
  throw new Error('rouser did not serve its page');
}
const end = process_ => new Promise(done => {
  process_.once('exit', done);
  if (process_.exitCode !== null) done();
});

if (only !== 'dispatch') {
  const run = join(folder, 'large'), file = join(folder, 'large.yaml');
  if (!existsSync(join(run, 'metrics'))) {
    writeFileSync(file, sweep('large', 100, 50, 50, 0));
    execFileSync(rouser, ['run', file, '--out', run, '--quiet', '--slots', '2', '--set', 'run.keep=none'], { env: environment, stdio: 'inherit' });
  }
  const server = await start(7481, 'page', run, '--http', '127.0.0.1:7481'), url = 'http://127.0.0.1:7481/';
  const authorization = { headers: { Authorization: `Bearer ${token}` } };
  const asked = Date.now();
  const plan = await (await fetch(`${url}page/api/0/plan`, authorization)).arrayBuffer();
  const answered = Date.now() - asked;
  const now = async () => {
    const answer = await fetch(`${url}page/api/0/events`, authorization);
    let text = '';
    for await (const chunk of answer.body) {
      text += Buffer.from(chunk).toString();
      if (text.includes('\n\n')) break;
    }
    return JSON.parse(text.slice(text.indexOf('{'), text.indexOf('\n\n')));
  };
  while ((await now()).totals.isReading) await wait(500);
  const reading = Date.now() - asked;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}#token=${token}&view=trials`);
  await page.waitForSelector('.grid .row');
  const shown = await page.evaluate(() => Math.round(performance.now()));
  const bundle = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(e => !e.name.includes('/api/')).reduce((sum, e) => sum + e.encodedBodySize, 0));
  const paint = await page.evaluate(() => Math.round(performance.getEntriesByType('paint').find(e => e.name === 'first-contentful-paint').startTime));
  // Script and layout of each frame while the table is scrolled, by the browser's own counters.
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const counters = async () => Object.fromEntries((await devtools.send('Performance.getMetrics')).metrics.map(m => [m.name, m.value]));
  const before = await counters();
  const frames = await page.evaluate(async () => {
    const grid = document.querySelector('.grid');
    let n = 0;
    for (; n < 300; n++) {
      grid.scrollTop += 170;
      await new Promise(requestAnimationFrame);
    }
    return n;
  });
  const after = await counters();
  const cost = name => (1000 * (after[name] - before[name])) / frames;
  const stream = await new Promise(done => get(`${url}page/api/0/events`, authorization, answer => {
    let bytes = 0;
    answer.on('data', chunk => {
      bytes += chunk.length;
      if (chunk.toString().endsWith('\n\n')) {
        answer.destroy();
        done(bytes);
      }
    });
  }));
  console.log(JSON.stringify({
    what: 'page', ...circumstances, trials: 5000, epochs: 100, bundle_bytes: bundle, plan_bytes: plan.byteLength, plan_brotli_bytes: brotliCompressSync(Buffer.from(plan)).length, whole_bytes: stream,
    seconds_until_the_first_answer: answered / 1000, seconds_until_the_journal_is_read: reading / 1000, first_contentful_paint_ms: paint, table_shown_ms: shown, script_ms_per_frame: Number(cost('ScriptDuration').toFixed(2)), layout_and_style_ms_per_frame: Number((cost('LayoutDuration') + cost('RecalcStyleDuration')).toFixed(2)),
    memory_of_rouser_mib: Math.round(Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024),
  }));
  await browser.close();
  server.kill('SIGINT');
  await end(server);
}

if (only !== 'page') {
  // Browser and clients are on other machines in earnest. `elsewhere` stands for that: they get the processor time that rouser leaves (SCHED_IDLE, by chrt of util-linux). `here` lets them have the same right to it.
  const kinds = ['alone', 'elsewhere', 'here'], turns = 3, startUp = 8000, url = 'http://127.0.0.1:7482/';
  const file = join(folder, 'dispatch.yaml'), idleChromium = join(folder, 'idle-chromium');
  const rates = Object.fromEntries(kinds.map(k => [k, []])), work = Object.fromEntries(kinds.map(k => [k, []])), latencies = [];
  writeFileSync(file, sweep('dispatch', 25, 25, 20, 2));
  writeFileSync(idleChromium, `#!/bin/sh\nexec chrt -i 0 '${executablePath}' "$@"\n`, { mode: 0o755 });
  for (let turn = 0; turn < turns * kinds.length; turn++) {
    const kind = kinds[turn % kinds.length], run = join(folder, 'dispatch');
    rmSync(run, { recursive: true, force: true });
    const process_ = await start(7482, 'run', file, '--out', run, '--quiet', '--slots', '4', '--page', '127.0.0.1:7482');
    // What rouser itself computes, apart from who else wants the processor. A tick is 10 ms.
    let ticks = 0;
    const polling = setInterval(() => {
      try {
        const stat = readFileSync(`/proc/${process_.pid}/stat`, 'utf8').split(') ')[1].split(' ');
        ticks = Number(stat[11]) + Number(stat[12]);
      } catch { /* It has just ended. */ }
    }, 50);
    if (kind === 'alone') await end(process_);
    else {
      const own = [process.execPath, import.meta.filename, 'clients', url, '50'];
      const clients = kind === 'here' ? spawn(own[0], own.slice(1), { stdio: 'ignore' }) : spawn('chrt', ['-i', '0', ...own], { stdio: 'ignore' });
      const browser = await chromium.launch({ executablePath: kind === 'here' ? executablePath : idleChromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
      const ended = end(process_).then(() => [clients.kill(), browser.close()]);
      await look(browser, url, ended, kind === 'here').catch(() => {});
      await ended;
    }
    clearInterval(polling);
    work[kind].push(ticks / 100);
    // By the program's own log, without the first seconds, in which the browser starts: that is dear, and no work of the page's.
    const times = readFileSync(join(run, 'rouser.log'), 'utf8').split('\n').filter(l => l.includes('EventLog') && l.includes(' epoch ')).map(l => Date.parse(`${l.slice(0, 10)}T${l.slice(11, 24)}Z`));
    const counted = times.filter(t => t >= times[0] + startUp);
    rates[kind].push((counted.length * 1000) / (counted.at(-1) - counted[0]));
  }
  const lost = kind => Number((100 * (1 - median(rates[kind]) / median(rates.alone))).toFixed(1));
  latencies.sort((a, b) => a - b);
  console.log(JSON.stringify({
    what: 'dispatch', ...circumstances, load_after: loadavg()[0].toFixed(1), trials: 1000, epochs: 25,
    epochs_per_second: Object.fromEntries(kinds.map(k => [k, rates[k].map(Math.round)])), cpu_seconds_of_rouser: work,
    lost_percent_elsewhere: lost('elsewhere'), lost_percent_here: lost('here'),
    update_shown_ms: { n: latencies.length, median: median(latencies), p95: latencies[Math.floor(latencies.length * 0.95)], worst: latencies.at(-1) },
  }));

  async function look(browser, url, ended, isTimed) {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      // From the record of the last event in an update to the frame after the page has shown it.
      window.late = [];
      const Own = window.EventSource;
      window.EventSource = class extends Own {
        addEventListener(name, listener) {
          super.addEventListener(name, event => {
            listener(event);
            const lastAt = name === 'change' ? Number(event.data.match(/"lastAt":(\d+)/)?.[1]) : 0;
            if (lastAt && lastAt !== this.last) {
              this.last = lastAt;
              requestAnimationFrame(() => setTimeout(() => window.late.push(Date.now() - lastAt)));
            }
          });
        }
      };
    });
    await page.goto(`${url}#token=${token}&view=trials`);
    await page.waitForSelector('nav.views');
    const timer = setInterval(() => page.evaluate(() => window.late.splice(0)).then(all => isTimed && latencies.push(...all)).catch(() => {}), 500);
    await ended;
    clearInterval(timer);
  }
}
process.exit(0);
