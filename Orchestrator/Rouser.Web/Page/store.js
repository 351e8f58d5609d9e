// What the page knows of the run it shows, and where it is: the view is the address behind '#', so that a link holds it.

import { follow, get } from './api.js';

export const store = {
  runs: [], mayAct: false, version: '', wire: 0,
  plan: null, rows: [], totals: null, workers: [], events: [],
  isConnected: false,
  /** The program's clock minus the browser's, in milliseconds. */
  offset: 0,
};

/** The program's time now. */
export const now = () => Date.now() + store.offset;

const listeners = new Set();
let pending = new Set(), frame = 0;

/** Calls back with what has changed, once a frame at most: words of `rows`, `totals`, `workers`, `events`, `plan`, `address`, `connection`. */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tell(...what) {
  what.forEach(word => pending.add(word));
  if (frame) return;
  const flush = () => {
    frame = 0;
    const words = pending;
    pending = new Set();
    for (const listener of [...listeners]) listener(words);
  };
  // A page in the background has no frames, and its title should still be right.
  frame = document.hidden ? setTimeout(flush, 500) : requestAnimationFrame(flush);
}

// ---- The address -------------------------------------------------------------------------------------------------

export const address = () => new URLSearchParams(location.hash.slice(1));

/** Goes to another view, or changes what of it is shown. A value of null leaves the key out. */
export function go(values, { replace = false, fresh = false } = {}) {
  const next = fresh ? new URLSearchParams(address().has('run') ? { run: address().get('run') } : {}) : address();
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') next.delete(key);
    else next.set(key, value);
  }
  const hash = `#${next}`;
  if (hash === location.hash) return;
  if (replace) {
    history.replaceState(null, '', hash);
    tell('address');
  } else location.hash = hash;
}

/** The address of a view, for a link. */
export function link(values) {
  const next = new URLSearchParams(address().has('run') ? { run: address().get('run') } : {});
  for (const [key, value] of Object.entries(values)) next.set(key, value);
  return `#${next}`;
}

addEventListener('hashchange', () => tell('address'));

// ---- The run -----------------------------------------------------------------------------------------------------

let unfollow = null, opened = 0;

/** Loads the list of runs. */
export async function loadRuns() {
  Object.assign(store, await get('runs'));
}

/** Shows a run, by its number, from now on. */
export async function open(run) {
  const own = ++opened;
  unfollow?.();
  Object.assign(store, { plan: null, rows: [], totals: null, workers: [], events: [] });
  const loadPlan = async () => {
    const plan = await get(`${run}/plan`);
    if (own === opened) store.plan = plan;
  };
  await loadPlan();
  if (own !== opened) return;
  unfollow = follow(run, {
    state: isConnected => {
      if (store.isConnected === isConnected) return;
      store.isConnected = isConnected;
      tell('connection');
    },
    whole: async update => {
      // The run may have come back with another plan.
      if (store.totals !== null) {
        await loadRuns().catch(() => {});
        await loadPlan().catch(() => {});
      }
      store.rows = [];
      take(update);
      tell('plan', 'rows', 'totals', 'workers', 'events');
    },
    change: update => {
      take(update);
      tell('totals', ...(update.trials.length ? ['rows'] : []), ...(update.workers ? ['workers'] : []), ...(update.events.length ? ['events'] : []));
    },
  });
}

function take(update) {
  store.offset = update.at - Date.now();
  store.totals = update.totals;
  for (const row of update.trials) store.rows[row.i] = row;
  if (update.workers) store.workers = update.workers;
  store.events = [...store.events, ...update.events].slice(-200);
}
