'use strict';
const $ = (id) => document.getElementById(id);
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let view = null;
let digits = '';
const t = (key) => TEXTS[language][key];

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer) return showError(t('lost'));
  if (!answer.ok) return showError(await answer.text());
  showError('');
}
const command = (name, more = {}) => post('/api/command', { command: name, ...more });
const reply = (name, more = {}) => post('/api/answer', { answer: name, ...more });

function showError(text) {
  $('error').textContent = text;
  $('error').hidden = !text;
}

function amountText() {
  const padded = digits.padStart(3, '0');
  return `${padded.slice(0, -2)}.${padded.slice(-2)}`;
}

function press(key) {
  if (key === 'clear') digits = '';
  else if (key === 'back') digits = digits.slice(0, -1);
  else if (digits.length < 10) digits = (digits + key).replace(/^0+/, '');
  $('amount').textContent = amountText();
}

function row(cells) {
  const line = document.createElement('tr');
  for (const cell of cells) {
    const td = document.createElement('td');
    td.append(cell);
    line.append(td);
  }
  return line;
}

function button(text, act, className = '') {
  const key = document.createElement('button');
  key.type = 'button';
  key.textContent = text;
  key.className = className;
  key.addEventListener('click', act);
  return key;
}

function drawQuestion() {
  const question = view.question;
  $('question').hidden = !question;
  $('question-keys').replaceChildren();
  if (!question) return;
  const ask = (text, ...keys) => {
    $('question-text').textContent = text;
    $('question-keys').append(...keys);
    keys[0].focus();
  };
  const prompt = view.prompt ? view.prompt[language] : '';
  if (question.question === 'confirm') {
    const label = question.label ? ` ${question.label}` : '';
    ask(`${prompt}${label}`,
      button(t('yes'), () => reply('confirm', { yes: true }), 'go'),
      button(t('no'), () => reply('confirm', { yes: false }), 'stop'));
  } else if (question.question === 'choose') {
    ask(t('choose'), ...question.labels.map((label, index) =>
      button(label, () => reply('choose', { index }))));
  } else {
    ask(prompt,
      button(t('tryAgain'), () => reply('try-again', { yes: true }), 'go'),
      button(t('goOn'), () => reply('try-again', { yes: false }), 'stop'));
  }
}

function transactionRow(it) {
  const keys = document.createElement('span');
  if (it.state === 'approved' && it.kind === 'sale') {
    keys.append(button(t('void'), () => {
      const password = prompt(t('supervisor'));
      if (password) command('void', { stan: it.stan, password });
    }));
  }
  if (it.state === 'approved' || it.state === 'voided') {
    keys.append(button(t('reprint'), () => command('reprint', { stan: it.stan })));
  }
  return row([it.stan, it.kind, it.amount, it.card, it.state, keys]);
}

function deviceRow(it) {
  const line = row([it.role, it.model || '', it.report.text, it.help || '']);
  line.className = it.report.health;
  return line;
}

function drawSlips() {
  const shown = $('slip-list').children.length;
  for (const slip of view.slips.slice(shown)) {
    const figure = document.createElement('figure');
    const picture = document.createElement('img');
    picture.src = `/slips/${slip.id}.png`;
    picture.alt = slip.name;
    picture.dataset.slip = slip.id;
    const caption = document.createElement('figcaption');
    caption.textContent = slip.name;
    figure.append(picture, caption);
    $('slip-list').prepend(figure);
  }
}

function draw() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const it of document.querySelectorAll('[data-t]')) it.textContent = t(it.dataset.t);
  $('language').textContent = t('other');
  if (!view) return;
  document.body.dataset.stage = view.stage;
  document.body.dataset.prompt = view.prompt ? view.prompt.prompt : '';
  document.body.dataset.busy = view.busy;
  $('merchant').textContent = view.merchant;
  $('training').hidden = !view.training;
  $('status').textContent = [view.operator, view.batch && `${t('batch')} ${view.batch}`].filter(Boolean).join(' · ');
  $('prompt').textContent = view.prompt ? view.prompt[language] : '';
  const idle = !view.busy;
  show('sign-in', idle && view.stage === 'signed-out');
  show('change-password', idle && view.mustChangePassword);
  show('sale', idle && view.stage === 'ready' && !view.mustChangePassword);
  show('day', idle && (view.stage === 'ready' || view.stage === 'signed-in'));
  $('host-sign-in').hidden = view.stage !== 'signed-in';
  $('cancel').hidden = !(view.busy && view.prompt && view.prompt.canCancel && !view.question);
  drawQuestion();
  $('transactions').tBodies[0].replaceChildren(...view.transactions.slice(-8).reverse().map(transactionRow));
  $('devices').tBodies[0].replaceChildren(...view.devices.map(deviceRow));
  drawSlips();
  $('counter').hidden = !view.virtualCounter;
}

function show(id, visible) {
  const form = $(id);
  if (form.hidden === !visible) return;
  form.hidden = !visible;
  if (visible && form.tagName === 'FORM') (form.querySelector('input') || form.querySelector('.go')).focus();
}

function submit(id, act) {
  $(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(event.target));
    event.target.reset();
    act(data);
  });
}

submit('sign-in', (data) => command('sign-in', data));
submit('change-password', (data) => command('change-password', data));
submit('sale', () => { command('sale', { amount: amountText() }); press('clear'); });
$('cancel').addEventListener('click', () => reply('cancel'));
$('language').addEventListener('click', () => { language = language === 'zh' ? 'en' : 'zh'; draw(); });
for (const key of document.querySelectorAll('[data-command]')) {
  key.addEventListener('click', () => command(key.dataset.command));
}
for (const key of ['7', '8', '9', '4', '5', '6', '1', '2', '3', 'clear', '0', 'back']) {
  const text = key === 'clear' ? 'C' : key === 'back' ? '⌫' : key;
  $('keys').append(button(text, () => press(key)));
}
document.addEventListener('keydown', (event) => {
  if (event.target.tagName === 'INPUT' || !view) return;
  if (event.key === 'Escape') {
    if (view.question && view.question.question === 'confirm') reply('confirm', { yes: false });
    else if (!$('cancel').hidden) reply('cancel');
    else press('clear');
  } else if (!$('sale').hidden) {
    if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === 'Backspace') press('back');
    else if (event.key === 'Enter' && event.target.tagName !== 'BUTTON') $('sale').requestSubmit();
  }
});

const events = new EventSource('/api/events');
events.onmessage = (event) => { view = JSON.parse(event.data); draw(); };
events.onerror = () => showError(t('lost'));
events.onopen = () => showError('');
draw();
