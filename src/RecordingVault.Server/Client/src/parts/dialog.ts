/** A native dialog that gives the focus back to what opened it. */
export function openDialog(dialog: HTMLDialogElement, opener: HTMLElement, mayClose: () => boolean | Promise<boolean>, closed: () => void): void {
  const close = () => void Promise.resolve(mayClose()).then(may => { if (may) dialog.close(); });
  const listening = new AbortController();
  const { signal } = listening;
  for (const button of dialog.querySelectorAll('[data-close]')) button.addEventListener('click', close, { signal });
  dialog.addEventListener('cancel', event => {
    // Not of what lies over it, such as a question.
    if (event.target !== dialog) return;
    event.preventDefault();
    close();
  }, { signal });
  dialog.addEventListener('click', event => { if (event.target === dialog) close(); }, { signal });
  dialog.addEventListener('close', () => {
    listening.abort();
    opener.focus();
    closed();
  }, { signal });
  dialog.showModal();
  dialog.querySelector<HTMLElement>('input:not([type=hidden])')?.focus();
}
