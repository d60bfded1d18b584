import { meta } from './dom';

// No sooner again, however often somebody comes back to the page.
const pause = 30_000;

let askedAt = 0;

/**
 * Notices on a member's page that the session ended elsewhere: the page is then loaded again, which leads to the door and takes what stands there off the
 * screen. It asks when somebody comes back to the page or moves on it, never by the clock alone: a page that nobody uses keeps no session alive.
 */
export function watchSession(): void {
  if (!meta('vault-tenant')) return;
  askedAt = Date.now();
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  addEventListener('pageshow', look);
  addEventListener('pointerdown', look);
  addEventListener('keydown', look);
}

function look(): void {
  if (document.hidden || Date.now() - askedAt < pause) return;
  askedAt = Date.now();
  void ask();
}

async function ask(): Promise<void> {
  try {
    const answer = await fetch('/api/v1/tenant', { headers: { Accept: 'application/json' } });
    if (answer.status === 401) location.reload();
  } catch { /* Offline: we ask again later. */ }
}
