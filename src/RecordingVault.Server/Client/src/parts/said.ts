import { refresh } from './live';

type Pulse = { people: number; records: number; openTasks: number };

/** Shows what a person said while somebody looks: fetches these parts of the page again whenever the recording's ledger has grown. */
export function followConsent(ids: readonly string[]): void {
  const recording = /^\/recordings\/([0-9a-f-]{36})\/consent$/.exec(document.querySelector<HTMLElement>('[data-consent]')?.dataset['consent'] ?? '')?.[1];
  if (!recording) return;
  const source = new EventSource(`/api/v1/recordings/${recording}/consents/events`);
  let last: string | undefined;
  source.addEventListener('consent', event => {
    const { people, records, openTasks } = JSON.parse((event as MessageEvent<string>).data) as Pulse;
    const now = `${people} ${records} ${openTasks}`;
    const isNew = last !== undefined && last !== now;
    last = now;
    if (!isNew) return;
    for (const id of ids) {
      // What somebody is writing in is not taken out of his hands.
      if (!document.getElementById(id)?.contains(document.activeElement)) void refresh(id);
    }
  });
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
}
