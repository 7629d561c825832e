// SPDX-License-Identifier: MIT
// A form's fields: what is wrong with one is said beside it, and read out with it.

export const field = (id) => document.getElementById(id);

const errorOf = (id) => field(`${id}-error`);

export function showFault(id, fault) {
  field(id).setAttribute('aria-invalid', String(fault !== ''));
  errorOf(id).textContent = fault;
}

// While a button is held down nothing may move, or the click misses it: a sentence that is due meanwhile comes after it.
let waiting = null;
document.addEventListener('pointerdown', () => { waiting = new Set(); }, true);
for (const end of ['pointerup', 'pointercancel']) {
  document.addEventListener(end, () => setTimeout(() => {
    const due = waiting ?? [];
    waiting = null;
    for (const judge of due) judge();
  }), true);
}

// Watches a form whose `checks` are functions by the ids of its fields; one gives a sentence, or ''. A field is judged
// when it is left, so that nobody is corrected in the middle of a word. `done` is called when all is right.
export function watchForm(form, checks, done) {
  const judge = (id) => {
    const fault = field(id).closest('[hidden]') ? '' : checks[id]();
    showFault(id, fault);
    return fault;
  };
  for (const id of Object.keys(checks)) {
    field(id).setAttribute('aria-describedby', `${field(`${id}-hint`) ? `${id}-hint ` : ''}${id}-error`);
    field(id).addEventListener('change', () => (waiting === null ? judge(id) : waiting.add(() => judge(id))));
    field(id).addEventListener('input', () => {
      if (errorOf(id).textContent !== '') judge(id);
    });
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = Object.keys(checks).filter((id) => judge(id) !== '');
    const summary = form.querySelector('[role=alert]');
    summary.textContent = wrong.length === 0 ? '' : wrong.length === 1 ? 'One field wants another look.' : `${wrong.length} fields want another look.`;
    if (wrong.length > 0) field(wrong[0]).closest('details')?.setAttribute('open', '');
    if (wrong.length > 0) field(wrong[0]).focus();
    done(wrong.length === 0);
  });
}

// Offers a text as a file: UTF-8 without a byte order mark, lines ending as they do in the text.
export function offer(link, name, text) {
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  link.download = name;
}

// Copies what a button's field shows. A page from the disk may have no clipboard of its own, but a selection can be copied.
export function copyOnClick(button) {
  button.addEventListener('click', async () => {
    const shown = field(button.dataset.copies);
    shown.select();
    try {
      await navigator.clipboard.writeText(shown.value);
    } catch {
      document.execCommand('copy');
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

export function fillTable(id, rows) {
  field(id).replaceChildren(...rows.map((cells) => {
    const row = document.createElement('tr');
    row.append(...cells.map((text, index) => {
      const cell = document.createElement('td');
      const inner = index < cells.length - 1 || cells.length === 2 ? document.createElement('code') : cell;
      inner.textContent = text;
      if (inner !== cell) cell.append(inner);
      return cell;
    }));
    return row;
  }));
}

export function fillList(id, texts) {
  field(id).replaceChildren(...texts.map((text) => {
    const item = document.createElement('li');
    item.textContent = text;
    return item;
  }));
}
