/** Asks before something is lost, in the house's own dialog. True when the person goes on. */
export function confirmed(question: string, goOn: string, why = ''): Promise<boolean> {
  return show(question, why, button('Go back', 'button'), button(goOn, 'button danger'));
}

/** Tells what did not work, and waits until it was read. */
export async function told(fact: string, why: string): Promise<void> {
  await show(fact, why, button('Close', 'button'));
}

function show(question: string, why: string, back: HTMLButtonElement, act?: HTMLButtonElement): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'confirm-head');
  const head = document.createElement('div');
  head.className = 'dialog-head';
  const heading = document.createElement('h2');
  heading.id = 'confirm-head';
  heading.textContent = question;
  head.append(heading);
  const body = document.createElement('div');
  body.className = 'dialog-body';
  const words = document.createElement('p');
  words.textContent = why;
  body.append(words);
  const foot = document.createElement('div');
  foot.className = 'dialog-foot';
  foot.append(back, ...(act ? [act] : []));
  dialog.append(head, ...(why ? [body] : []), foot);
  document.body.append(dialog);
  const opener = document.activeElement;
  return new Promise(done => {
    back.addEventListener('click', () => dialog.close());
    act?.addEventListener('click', () => dialog.close('yes'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener instanceof HTMLElement) opener.focus();
      done(dialog.returnValue === 'yes');
    });
    dialog.showModal();
    // What loses nothing is what Enter does.
    back.focus();
  });
}

function button(words: string, style: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = style;
  made.textContent = words;
  return made;
}
