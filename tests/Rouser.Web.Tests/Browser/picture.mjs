// Makes the picture of the page in the documentation anew: the quickstart while it trains, when four fifths of its trials are completed.
//   node picture.mjs CHROMIUM ROUSER FOLDER PNG
// FOLDER takes the run. It takes as long as the quickstart, some minutes.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
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
writeFileSync(png, await indexed(await page.screenshot()));
await browser.close();
run.kill('SIGINT');
await ended;

/** The same picture with 256 colours at most, a third of the size. The browser reads it. */
async function indexed(picture) {
  // A page of its own, because the policy of ours lets it fetch nothing else.
  const { width, height, base64 } = await (await browser.newPage()).evaluate(async source => {
    const image = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width: image.width, height: image.height, base64: btoa(text) };
  }, `data:image/png;base64,${picture.toString('base64')}`);
  const pixels = Buffer.from(base64, 'base64'), counts = new Map();
  const at = i => (pixels[4 * i] << 16) | (pixels[4 * i + 1] << 8) | pixels[4 * i + 2];
  for (let i = 0; i < width * height; i++) counts.set(at(i), (counts.get(at(i)) ?? 0) + 1);
  const distance = (a, b) => [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
  // The commonest first, but none that is hardly another colour: a small mark in its own colour counts as well.
  const palette = [];
  for (const [colour] of [...counts].sort((a, b) => b[1] - a[1])) if (palette.length < 256 && palette.every(other => distance(colour, other) > 40)) palette.push(colour);
  const places = new Map(palette.map((colour, k) => [colour, k]));
  for (const colour of counts.keys()) if (!places.has(colour)) places.set(colour, palette.reduce((best, other, k) => (distance(colour, other) < distance(colour, palette[best]) ? k : best), 0));
  const lines = Buffer.alloc(height * (width + 1));
  for (let i = 0; i < width * height; i++) lines[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = places.get(at(i));
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]), length = Buffer.alloc(4), sum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.flatMap(c => [c >> 16, (c >> 8) & 255, c & 255]))), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
