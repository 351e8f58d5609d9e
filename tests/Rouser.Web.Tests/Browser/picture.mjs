// Makes the picture of the page in the documentation anew: the quickstart while it trains, when four fifths of its trials are completed.
//   node picture.mjs CHROMIUM ROUSER FOLDER PNG
// FOLDER takes the run. It takes as long as the quickstart, some minutes.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const [executablePath, rouser, folder, png] = process.argv.slice(2);
const token = 'a-token-for-a-picture', port = 7483, url = `http://127.0.0.1:${port}/`, root = resolve(dirname(import.meta.filename), '..', '..', '..');
const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
rmSync(join(folder, 'runs'), { recursive: true, force: true });
// From within the folder, so that the page names the run as the documentation does.
const run = spawn(resolve(rouser), ['run', join(root, 'sweeps', 'quickstart.yaml'), '--out', 'runs/quickstart', '--quiet', '--page', `127.0.0.1:${port}`, '--token-file', 'token'], { cwd: folder, env: { ...process.env, ROUSER_STORE: 'none', ROUSER_TOKEN: '' }, stdio: 'inherit' });
const ended = new Promise(done => run.once('exit', done));
while (run.exitCode === null && !await fetch(url).then(a => a.ok).catch(() => false)) await wait(200);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 1180 }, colorScheme: 'light', reducedMotion: 'reduce' });
page.setDefaultTimeout(0);
await page.goto(`${url}#token=${token}`);
await page.waitForFunction(() => Number(document.querySelector('.counts .completed + a b')?.textContent) >= 16);
// Numbers and curves are asked for at most once a second.
await wait(2500);
await page.screenshot({ path: png });
await browser.close();
run.kill('SIGINT');
await ended;
