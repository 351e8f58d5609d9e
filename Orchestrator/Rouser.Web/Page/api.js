// What the page asks of the program. Addresses are relative, so that they hold behind any path of a proxy.

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`page/api/${path}`, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch {
    throw new Refused(0, 'rouser cannot be reached');
  }
  if (!answer.ok) throw new Refused(answer.status, (await answer.text()).trim());
  return answer;
}

/** What a query gives, from JSON. */
export const get = async (path, options) => (await ask(path, options)).json();

/** Asks for something to be done; the answer is a line. No page of another origin can send the header. */
export const post = async (path, body) => (await (await ask(path, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Rouser-Page': '1' },
  body: JSON.stringify(body),
})).text()).trim();

/**
 * Follows a run: `whole` once, and again whenever the page has fallen behind or the program came back; `change` after
 * `change` in between. `state` is told whether there is a connection. Returns what ends it.
 */
export function follow(run, { whole, change, state }) {
  let source = null, timer = 0, ended = false, version = -1;
  const open = () => {
    source = new EventSource(`page/api/${run}/events`);
    source.addEventListener('whole', event => {
      const update = JSON.parse(event.data);
      version = update.version;
      state(true);
      whole(update);
    });
    source.addEventListener('change', event => {
      const update = JSON.parse(event.data);
      // A gap cannot be: the connection keeps the order. If there is one all the same, begin anew.
      if (update.version !== version + 1) return restart(0);
      version = update.version;
      change(update);
    });
    source.addEventListener('error', () => {
      state(false);
      restart(1500);
    });
  };
  const restart = delay => {
    source?.close();
    clearTimeout(timer);
    if (!ended) timer = setTimeout(open, delay);
  };
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
}
