// First start: the secret comes in the fragment, which the browser never sends; the two steps stand one after the other.
import { one } from '../parts/dom';

const form = document.querySelector<HTMLFormElement>('#setup');
if (form) begin(form);

function begin(form: HTMLFormElement): void {
  const secret = one<HTMLInputElement>(form, 'input[name=secret]');
  if (location.hash.length > 1) {
    secret.value = location.hash.slice(1);
    // The secret must not stay in the history.
    history.replaceState(null, '', location.pathname);
  }
  const steps = [...form.querySelectorAll<HTMLFieldSetElement>('[data-step]')];
  if (!secret.value || steps.length === 0) {
    one<HTMLElement>(form, '#no-secret').hidden = false;
    form.querySelectorAll<HTMLElement>('.steps, [data-promised]').forEach(part => { part.hidden = true; });
    steps.forEach(step => step.remove());
    return;
  }

  const marks = [...form.querySelectorAll<HTMLLIElement>('.steps li')];
  const fields = (step: HTMLFieldSetElement) => [...step.querySelectorAll<HTMLInputElement>('input.input')];

  const show = (wanted: number, focus: boolean) => {
    steps.forEach((step, at) => { step.hidden = at !== wanted; });
    marks.forEach((mark, at) => {
      mark.classList.toggle('done', at < wanted);
      if (at === wanted) mark.setAttribute('aria-current', 'step');
      else mark.removeAttribute('aria-current');
    });
    if (focus) (fields(steps[wanted]!).find(field => field.ariaInvalid === 'true') ?? fields(steps[wanted]!)[0])?.focus();
  };

  const next = () => {
    const wrong = fields(steps[0]!).find(field => !field.checkValidity());
    if (wrong) wrong.reportValidity();
    else show(1, true);
  };

  one<HTMLButtonElement>(form, '[data-next]').addEventListener('click', next);
  one<HTMLButtonElement>(form, '[data-back]').addEventListener('click', () => show(0, true));
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement) || steps[0]!.hidden) return;
    event.preventDefault();
    next();
  });

  const refused = steps.findIndex(step => step.querySelector('[aria-invalid="true"]'));
  show(Math.max(refused, 0), refused >= 0);
}
