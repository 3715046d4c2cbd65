'use strict';
// Draws what the terminal says; touches only what has changed, so that focus stays where it is.
const $ = (id) => document.getElementById(id);
let language = localStorage.getItem('language') || (navigator.language.startsWith('zh') ? 'zh' : 'en');
let view = null;
const t = (key) => TEXTS[language][key];
const named = (name) => TEXTS[language].names[name] || name;
const other = () => (language === 'zh' ? 'en' : 'zh');

/** Runs `draw` when `value` differs from what was drawn under this name before. */
const drawn = {};
function changed(name, value, draw) {
  const now = JSON.stringify([language, value]);
  if (drawn[name] === now) return;
  drawn[name] = now;
  draw(value);
}

function element(tag, text = '', className = '') {
  const it = document.createElement(tag);
  it.textContent = text;
  it.className = className;
  return it;
}

function button(text, act, className = '') {
  const key = element('button', text, className);
  key.type = 'button';
  key.addEventListener('click', act);
  return key;
}

function row(cells, className = '') {
  const line = element('tr', '', className);
  for (const cell of cells) {
    const td = document.createElement('td');
    td.append(cell);
    line.append(td);
  }
  return line;
}

function drawTexts() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const it of document.querySelectorAll('[data-t]')) it.textContent = t(it.dataset.t);
  for (const it of document.querySelectorAll('[data-t-label]')) it.setAttribute('aria-label', t(it.dataset.tLabel));
  $('language').textContent = t('other');
}

function drawHead() {
  $('merchant').textContent = view.merchant;
  $('training').hidden = !view.training;
  const who = view.operator && `${t('operator')} ${view.operator}`;
  $('status').textContent = [who, view.batch && `${t('batch')} ${view.batch}`].filter(Boolean).join(' · ');
}

/** Writes digits of minor units with their decimal point. */
function decimal(digits) {
  const decimals = view ? view.decimals : 2;
  const padded = digits.padStart(decimals + 1, '0');
  return decimals ? `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}` : padded;
}

/** What the prompt says in a language; a question has words of its own. */
function promptIn(language) {
  const kind = view.question && view.question.question;
  if (kind === 'confirm') return TEXTS[language].confirm;
  if (kind === 'choose') return TEXTS[language].choose;
  return view.prompt ? view.prompt[language] : TEXTS[language].starting;
}

function drawPrompt() {
  $('prompt').textContent = promptIn(language);
  $('prompt-other').textContent = promptIn(other());
  const over = view.outcome && !(view.prompt && view.prompt.en === view.outcome.en);
  $('outcome').hidden = !over;
  $('outcome').textContent = over ? view.outcome[language] : '';
  $('outcome').dataset.prompt = over ? view.outcome.prompt : '';
}

function facts(pairs) {
  const shown = pairs.filter(([, value]) => value);
  return shown.flatMap(([name, value]) => [element('dt', t(name)), element('dd', value)]);
}

function confirmFacts(it) {
  return facts([
    ['kind', named(it.kind)],
    ['amount', `${it.amount.currency} ${decimal(String(it.amount.minor))}`],
    ['card', it.card],
    ['application', it.label],
    ['pin', t(it.pinEntered ? 'entered' : 'none')],
  ]);
}

function questionKeys(it) {
  if (it.question === 'choose') {
    return it.labels.map((label, index) => button(label, () => reply('choose', { index })));
  }
  const [yes, no] = it.question === 'confirm' ? ['yes', 'no'] : ['tryAgain', 'goOn'];
  return [
    button(t(yes), () => reply(it.question, { yes: true }), 'go'),
    button(t(no), () => reply(it.question, { yes: false }), 'stop'),
  ];
}

function drawQuestion(it) {
  $('question').hidden = !it;
  $('question-facts').replaceChildren(...(it && it.question === 'confirm' ? confirmFacts(it) : []));
  $('question-keys').replaceChildren(...(it ? questionKeys(it) : []));
}

function transactionKeys(it) {
  const keys = element('span', '', 'row-keys');
  if (it.state === 'approved' && it.kind === 'sale') {
    keys.append(button(t('void'), () => askSupervisor(it)));
  }
  if (it.state === 'approved' || it.state === 'voided') {
    keys.append(button(t('reprint'), () => command('reprint', { stan: it.stan })));
  }
  return keys;
}

function drawTransactions(list) {
  $('no-transactions').hidden = list.length > 0;
  const lines = list.slice(-50).reverse().map((it) => {
    const line = row([it.stan, named(it.kind), it.amount, it.card, named(it.state), transactionKeys(it)], it.state);
    line.dataset.stan = it.stan;
    return line;
  });
  $('transactions').tBodies[0].replaceChildren(...lines);
}

function drawDevices(list, notices) {
  $('no-devices').hidden = list.length > 0 || view.stage === 'starting';
  const lines = list.map((it) => {
    const news = notices.find((notice) => notice.role === it.role);
    const [health, text] = news ? [news.health, news[language]] : [it.report.health, it.report.text];
    const found = element('span', [it.model, text].filter(Boolean).join(': '));
    if (it.help && !news) found.append(element('span', it.help, 'help'));
    return row([named(it.role), element('span', named(health), 'health'), found], health);
  });
  $('devices').tBodies[0].replaceChildren(...lines);
}

/** `000002 merchant copy` in the page's language. */
function slipName(name) {
  return name.replace(/[a-z]+( [a-z]+)*/, named);
}

function slipFigure(slip) {
  const figure = document.createElement('figure');
  const link = document.createElement('a');
  const picture = document.createElement('img');
  link.href = picture.src = `/slips/${slip.id}.png`;
  link.target = '_blank';
  picture.alt = slipName(slip.name);
  picture.dataset.slip = slip.id;
  link.append(picture);
  figure.append(link, element('figcaption', picture.alt));
  return figure;
}

function drawSlips(list) {
  $('no-slips').hidden = list.length > 0;
  $('slip-list').replaceChildren(...list.slice(-12).reverse().map(slipFigure));
}

function drawForms() {
  const idle = !view.busy;
  const settled = { 'sign-in': 'signed-out', 'change-password': 'first-password', sale: 'ready' };
  for (const [form, stage] of Object.entries(settled)) $(form).hidden = !(idle && view.stage === stage);
  $('sign-in-note').hidden = !view.virtualCounter;
  $('day').hidden = !idle || view.stage === 'starting';
  $('host-sign-in').hidden = view.stage !== 'signed-in';
  $('settle').hidden = view.stage !== 'ready';
  $('self-test').hidden = view.stage !== 'ready' && view.stage !== 'signed-out';
  $('sign-out').hidden = view.stage === 'signed-out';
  $('cancel').hidden = !(view.busy && view.prompt && view.prompt.canCancel && !view.question);
}

/** Puts the focus where the next step is, once a step. */
function focusStep() {
  const form = [...document.querySelectorAll('#cashier form')].find((it) => !it.hidden);
  const asksPin = view.virtualCounter && view.prompt && view.prompt.prompt === 'enter-pin';
  const step = view.question ? 'question' : form ? form.id : asksPin ? 'pin' : 'busy';
  changed('step', step, () => {
    if (step === 'question') $('question-keys').firstChild.focus();
    else if (step === 'pin') $('pin-pad').focus();
    else if (step === 'busy') $('cashier').focus();
    else (form.querySelector('input') || form.querySelector('.go')).focus();
  });
}

function draw() {
  changed('texts', language, drawTexts);
  if (!view) return;
  Object.assign(document.body.dataset, {
    stage: view.stage, busy: view.busy, prompt: view.prompt ? view.prompt.prompt : '',
  });
  drawHead();
  drawPrompt();
  drawAmount();
  drawForms();
  changed('question', view.question, drawQuestion);
  changed('transactions', view.transactions, drawTransactions);
  changed('devices', [view.devices, view.notices, view.stage], () => drawDevices(view.devices, view.notices));
  changed('slips', view.slips, drawSlips);
  $('counter').hidden = !view.virtualCounter;
  document.body.classList.toggle('virtual', view.virtualCounter);
  focusStep();
}
