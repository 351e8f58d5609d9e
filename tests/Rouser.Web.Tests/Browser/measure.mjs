// What the live page costs, measured.
//   node measure.mjs CHROMIUM ROUSER FOLDER [page | dispatch]
// page: a finished run of 5,000 trials of 100 epochs (made in FOLDER with the noop engine if it is not there, some ten minutes): bundle, first paint, rows of the table, script and layout of a frame while scrolling.
// dispatch: runs of 400 trials of 25 epochs of 2 ms, by turns without anybody and with one browser and 50 clients of the event stream: epochs a second, the processor time of rouser itself (the browser needs cores of its own), and how long an update takes from its record to the page.
// Prints one line of JSON for each. Figures depend on the machine and on what else it does.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const [executablePath, rouser, folder, only] = process.argv.slice(2);
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
  const file = join(folder, 'dispatch.yaml'), rates = { alone: [], watched: [] }, work = { alone: [], watched: [] }, latencies = [];
  writeFileSync(file, sweep('dispatch', 25, 10, 20, 2));
  for (let turn = 0; turn < 6; turn++) {
    const isWatched = turn % 2 === 1, run = join(folder, 'dispatch');
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
    let browser = null;
    const clients = [];
    if (isWatched) {
      for (let i = 0; i < 50; i++) clients.push(get('http://127.0.0.1:7482/page/api/0/events', { headers: { Authorization: `Bearer ${token}` } }, answer => answer.on('error', () => {}).resume()).on('error', () => {}));
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
      const page = await browser.newPage();
      await page.addInitScript(() => {
        // From the record of the last event in an update to the frame after the page has shown it.
        window.late = [];
        const Own = window.EventSource;
        window.EventSource = class extends Own {
          addEventListener(name, listener) {
            super.addEventListener(name, event => {
              listener(event);
              const { totals } = name === 'change' ? JSON.parse(event.data) : {};
              if (totals?.lastAt && totals.lastAt !== this.last) {
                this.last = totals.lastAt;
                requestAnimationFrame(() => setTimeout(() => window.late.push(Date.now() - totals.lastAt)));
              }
            });
          }
        };
      });
      await page.goto(`http://127.0.0.1:7482/#token=${token}&view=trials`);
      await page.waitForSelector('nav.views');
      const timer = setInterval(() => page.evaluate(() => window.late.splice(0)).then(all => latencies.push(...all)).catch(() => {}), 500);
      await end(process_);
      clearInterval(timer);
      await browser.close();
    } else await end(process_);
    clearInterval(polling);
    clients.forEach(c => c.destroy());
    work[isWatched ? 'watched' : 'alone'].push(ticks / 100);
    // From the first assignment to the last result, by the program's own log.
    const times = readFileSync(join(run, 'rouser.log'), 'utf8').split('\n').filter(l => l.includes('EventLog')).map(l => Date.parse(`${l.slice(0, 10)}T${l.slice(11, 24)}Z`));
    rates[isWatched ? 'watched' : 'alone'].push((400 * 25 * 1000) / (times.at(-1) - times[0]));
  }
  latencies.sort((a, b) => a - b);
  console.log(JSON.stringify({
    what: 'dispatch', ...circumstances, trials: 400, epochs: 25, epochs_per_second_alone: rates.alone.map(Math.round), epochs_per_second_watched: rates.watched.map(Math.round),
    cpu_seconds_of_rouser_alone: work.alone, cpu_seconds_of_rouser_watched: work.watched,
    lost_percent: Number((100 * (1 - median(rates.watched) / median(rates.alone))).toFixed(1)), update_shown_ms: { n: latencies.length, median: median(latencies), worst: latencies.at(-1), p95: latencies[Math.floor(latencies.length * 0.95)] },
  }));
}
process.exit(0);
