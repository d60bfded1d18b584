import { meta } from './dom';
import type { Player } from './player';

const every = 5_000;
const again = 1_000;
const soon = 1_500;

/** Says how fast it plays and whether it waits for bytes: what may be watched and not kept is sent a minute ahead at most, and a player that waits is sent more. */
export function tellPace(player: Player, address: string): void {
  const { video } = player;
  let timer = 0;
  const waits = () => !video.paused && !video.ended && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  const tell = () => {
    clearTimeout(timer);
    if (!player.loaded || player.closed) return;
    void fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Vault-Tenant': meta('vault-tenant'), RequestVerificationToken: meta('vault-antiforgery') },
      body: JSON.stringify({ rate: video.paused || video.ended ? 0 : video.playbackRate, waiting: waits() }),
    }).catch(() => { /* The next word counts. */ });
    if (!video.paused && !video.ended) timer = window.setTimeout(tell, waits() ? again : every);
  };
  for (const name of ['playing', 'pause', 'ended', 'ratechange'] as const) video.addEventListener(name, tell);
  // A seek waits too, for a moment: only what lasts is told.
  video.addEventListener('waiting', () => {
    clearTimeout(timer);
    timer = window.setTimeout(tell, soon);
  });
}
