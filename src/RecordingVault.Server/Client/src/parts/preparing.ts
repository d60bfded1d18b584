import type { Player } from './player';

const every = 10_000;
const waiting = new WeakSet<Player>();

/** That it is being made ready, and when it will be, as far as that can be said. */
export function preparingWords(player: Player): string {
  const minutes = player.section.dataset['minutes'];
  const when = minutes === undefined ? '' : player.text(minutes === '1' ? 'ReadyInOne' : 'ReadyIn').replace('{n}', minutes);
  return `${player.text('Preparing')} ${when}`.trim();
}

/** Whether it waits for that. */
export function isWaiting(player: Player): boolean {
  return waiting.has(player);
}

/** What this browser can't play as it came is being made ready: asks until it is, and starts it then by itself. */
export function waitUntilReady(player: Player): void {
  if (waiting.has(player)) return;
  waiting.add(player);
  const timer = setInterval(async () => {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html', 'Vault-Unattended': '1' } }).catch(() => undefined);
    const page = answer?.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), 'text/html') : undefined;
    const fresh = page?.querySelector<HTMLElement>('[data-player]');
    if (player.closed) end();
    if (player.closed || !fresh) return;
    const source = fresh.dataset['src'] ?? '';
    if (source !== player.source) {
      end();
      player.source = source;
      void player.start();
    } else if (fresh.dataset['preparing'] === undefined) {
      end();
      player.say(player.text('Unplayable'));
    } else {
      const before = preparingWords(player);
      if (fresh.dataset['minutes'] === undefined) delete player.section.dataset['minutes'];
      else player.section.dataset['minutes'] = fresh.dataset['minutes'];
      if (preparingWords(player) !== before) player.say(preparingWords(player));
    }
  }, every);
  const end = (): void => {
    clearInterval(timer);
    waiting.delete(player);
  };
}
