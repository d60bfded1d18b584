import type { Player } from './player';

/** Only while the focus is in the player: single letters must not act elsewhere (WCAG 2.1.4). */
export function listenToPlayerKeys(player: Player): void {
  player.section.addEventListener('keydown', event => {
    if (player.closed || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
    const inSeek = event.target instanceof HTMLInputElement;
    const inButton = event.target instanceof HTMLButtonElement;
    const acts: Record<string, (() => void) | undefined> = {
      ' ': inButton ? undefined : () => player.toggle(),
      k: () => player.toggle(),
      j: () => player.jump(-10),
      l: () => player.jump(10),
      ArrowLeft: () => player.jump(-5),
      ArrowRight: () => player.jump(5),
      f: () => player.do('full'),
      m: () => player.do('mute'),
      c: () => player.do('captions'),
      p: () => player.do('picture'),
      '<': () => player.quicken(-0.25),
      '>': () => player.quicken(0.25),
    };
    const tenth = /^[1-9]$/.test(event.key) ? Number(event.key) / 10 : undefined;
    const act = tenth === undefined ? acts[event.key] : () => player.go(tenth * player.duration);
    if (!act || (inSeek && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))) return;
    event.preventDefault();
    act();
  });
}
