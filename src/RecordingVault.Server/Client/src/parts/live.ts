import { enliven } from './buttons';
import { localise } from './clock';

/** Parts of a page that say how often, in seconds, they want to be fetched again. Nothing is asked while nobody looks. */
export function keepFresh(after: (part: Element) => void = () => {}): void {
  for (const part of document.querySelectorAll<HTMLElement>('[id][data-live]')) schedule(part, after);
}

function schedule(part: HTMLElement, after: (part: Element) => void): void {
  const seconds = Number(part.dataset['live']);
  if (!(seconds > 0)) return;
  setTimeout(async () => {
    // Somebody else may have put a fresh part in its place meanwhile.
    part = document.getElementById(part.id) ?? part;
    const fresh = document.hidden || part.contains(document.activeElement) || part.querySelector('details[open]') ? undefined : await fetchPart(part.id);
    if (!fresh) {
      schedule(part, after);
      return;
    }
    put(part, fresh);
    after(fresh);
    schedule(fresh, after);
  }, seconds * 1000);
}

/** Fetches one part of this page again, now. */
export async function refresh(id: string): Promise<HTMLElement | undefined> {
  const part = document.getElementById(id);
  const fresh = part ? await fetchPart(id) : undefined;
  if (part && fresh) put(part, fresh);
  return fresh;
}

function put(part: HTMLElement, fresh: HTMLElement): void {
  part.replaceWith(fresh);
  localise(fresh);
  enliven(fresh);
}

async function fetchPart(id: string): Promise<HTMLElement | undefined> {
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return undefined;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return page.getElementById(id) ?? undefined;
  } catch {
    return undefined; // Offline: what stands there stays, and we ask again.
  }
}
