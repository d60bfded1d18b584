import { enliven } from './buttons';
import { localise } from './clock';

/** Hears of each part that was fetched again; undefined when the page has no such part any more. */
type After = (id: string, part: HTMLElement | undefined) => void;

let afterwards: After = () => {};
const timers = new Map<string, number>();
let isOver = false;

/** Parts of a page that say how often, in seconds, they want to be fetched again. Nothing is asked while nobody looks, and no session lives longer by it. */
export function keepFresh(after: After = () => {}): void {
  afterwards = after;
  for (const part of document.querySelectorAll<HTMLElement>('[id][data-live]')) schedule(part);
}

/** Fetches one part of this page again, now. */
export async function refresh(id: string): Promise<HTMLElement | undefined> {
  const page = await fetchPage();
  const part = document.getElementById(id);
  const fresh = page?.getElementById(id);
  if (!page || !part) return undefined;
  if (!fresh) {
    afterwards(id, undefined);
    return undefined;
  }
  addIcons(page);
  part.replaceWith(fresh);
  localise(fresh);
  enliven(fresh);
  afterwards(id, fresh);
  schedule(fresh);
  return fresh;
}

/** What somebody is using is not taken out of his hands, and nothing is fetched for nobody. */
export function isInUse(part: HTMLElement): boolean {
  return document.hidden || part.contains(document.activeElement) || part.querySelector('details[open], .pick input:checked') !== null;
}

function schedule(part: HTMLElement): void {
  const { id } = part;
  const seconds = Number(part.dataset['live']);
  clearTimeout(timers.get(id));
  if (!(seconds > 0) || isOver) return;
  timers.set(id, window.setTimeout(async () => {
    const now = document.getElementById(id);
    if (!now) return;
    if (isInUse(now) || !(await refresh(id))) schedule(now);
  }, seconds * 1000));
}

async function fetchPage(): Promise<Document | undefined> {
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: 'text/html', 'Vault-Unattended': '1' } });
    // What is gone meanwhile, such as a link that was stopped, says so itself; so does what is no longer open to whoever asks. Nothing more is asked then.
    // A session that ended leads to the door, which is no part of this page.
    if ([401, 403, 404, 410].includes(answer.status) || (answer.redirected && new URL(answer.url).pathname === '/signin')) {
      isOver = true;
      location.reload();
    }
    if (!answer.ok || answer.redirected) return undefined;
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    return undefined; // Offline: what stands there stays, and we ask again.
  }
}

/** A page carries the icons that it uses; a fresh part may use others. */
function addIcons(page: Document): void {
  const sprite = document.querySelector('body > svg[hidden]');
  for (const symbol of page.querySelectorAll('body > svg[hidden] > symbol')) {
    if (!document.getElementById(symbol.id)) sprite?.append(document.importNode(symbol, true));
  }
}
