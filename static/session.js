// Nothing typed is lost when a session ends. Adds to window.gy:
//   fetch(url, options)   answers 401 by signing in within the page, then asks again
//   signIn()              promise; resolved when signed in, rejected when put off
//   beforeSubmit          functions(form) → promise, waited for before a form[data-keep] is sent
//   drafts                {keep(key, value, base), get(key), drop(key)}: a copy in this browser
(function () {
  var body = document.body;
  var gy = window.gy = window.gy || {};
  var user = body.getAttribute('data-user') || '';
  var loginUrl = body.getAttribute('data-login-url') || '/login/';
  var sessionUrl = body.getAttribute('data-session-url') || '/session/';
  var TEXT = {
    wrong: '密码不对，请再试一次。',
    locked: '已连续输错 5 次，请 30 分钟后再试，或联系管理员。',
    offline: '连不上服务器。页面上的内容还在，请稍后再试。',
    unsaved: '有内容还没有存到服务器。请等显示“已保存”后再提交。',
    leaving: '本机还有没存到服务器的文字，退出登录后会删除。确定退出吗？',
    restored: '已恢复本机上没有存到服务器的文字。',
    older: '本机有一份没存到服务器的文字。',
    useIt: '用本机的文字',
    dropIt: '不用了'
  };

  // --- The token against forged requests -------------------------------------------------------
  function meta() { return document.querySelector('meta[name="csrf-token"]'); }
  gy.csrf = function () { return meta() ? meta().content : ''; };
  function setCsrf(token) {
    if (!token) return;
    if (meta()) meta().content = token;
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach(function (input) {
      input.value = token;
    });
  }
  function cookie(name) {
    var found = document.cookie.split('; ').filter(function (pair) { return pair.indexOf(name + '=') === 0; })[0];
    return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
  }
  // Another tab may have signed in since: its token is the one that counts.
  function freshen() { setCsrf(cookie('csrftoken')); }
  window.addEventListener('pageshow', function (event) { if (event.persisted) freshen(); });
  function tokenFromLoginPage() {
    return fetch(loginUrl, { credentials: 'same-origin' }).then(function (answer) { return answer.text(); })
      .then(function (html) {
        var input = new DOMParser().parseFromString(html, 'text/html')
          .querySelector('input[name="csrfmiddlewaretoken"]');
        return input ? input.value : '';
      });
  }

  // --- Signing in again ------------------------------------------------------------------------
  var dialog = document.getElementById('login-dialog');
  var waiting = null;

  function isLogin(url) { return new URL(url || '', location.href).pathname === loginUrl; }
  function post(url, values) {
    return fetch(url, {
      method: 'POST', credentials: 'same-origin', body: new URLSearchParams(values),
      headers: { 'X-CSRFToken': values.csrfmiddlewaretoken, 'X-Requested-With': 'fetch' }
    });
  }
  function tryLogin(password) {
    return tokenFromLoginPage().then(function (token) {
      return post(loginUrl, { username: user, password: password, next: sessionUrl, csrfmiddlewaretoken: token });
    }).then(function (answer) {
      if (answer.status === 403 || answer.status === 429) throw new Error(TEXT.locked);
      if (answer.status !== 204 && isLogin(answer.url)) throw new Error(TEXT.wrong);
      var fresh = cookie('csrftoken');
      return fresh || tokenFromLoginPage();
    }).then(function (token) {
      setCsrf(token);
      // A new session starts as the first of several roles: take up the one this page shows.
      var acting = body.getAttribute('data-acting');
      var url = body.getAttribute('data-act-as-url');
      if (!acting || !url) return null;
      return post(url, { membership: acting, next: sessionUrl, csrfmiddlewaretoken: token });
    });
  }
  gy.signIn = function () {
    if (waiting) return waiting.promise;
    waiting = {};
    waiting.promise = new Promise(function (resolve, reject) {
      waiting.resolve = resolve;
      waiting.reject = reject;
    });
    gy.closeDialog(document.getElementById('idle-dialog'));
    gy.openDialog(dialog);
    dialog.querySelector('[name="password"]').focus();
    return waiting.promise;
  };
  if (dialog) {
    var form = dialog.querySelector('form');
    var fault = dialog.querySelector('[data-login-error]');
    var button = dialog.querySelector('[data-login-submit]');
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (button.getAttribute('aria-busy') === 'true') return;
      button.setAttribute('aria-busy', 'true');
      fault.hidden = true;
      tryLogin(form.elements.password.value).then(function () {
        var done = waiting;
        waiting = null;
        form.elements.password.value = '';
        gy.closeDialog(dialog);
        active();
        if (done) done.resolve();
      }).catch(function (error) {
        fault.textContent = error instanceof TypeError ? TEXT.offline : error.message;
        fault.hidden = false;
        form.elements.password.focus();
      }).then(function () { button.removeAttribute('aria-busy'); });
    });
    dialog.addEventListener('close', function () {
      if (waiting) { waiting.reject(new Error('put off')); waiting = null; }
    });
  }

  gy.fetch = function (url, options) {
    function ask() {
      var how = Object.assign({ credentials: 'same-origin' }, options);
      how.headers = Object.assign({ 'X-Requested-With': 'fetch', 'X-CSRFToken': gy.csrf() }, how.headers);
      return fetch(url, how).then(function (answer) {
        if (answer.status === 401 || (answer.redirected && isLogin(answer.url))) return gy.signIn().then(ask);
        active();
        return answer;
      });
    }
    return ask();
  };

  document.addEventListener('htmx:configRequest', function (event) {
    event.detail.headers['X-CSRFToken'] = gy.csrf();
  });
  document.addEventListener('htmx:beforeSwap', function (event) {
    var request = event.detail.xhr;
    if (request.status !== 401 && !isLogin(request.responseURL)) { active(); return; }
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    var config = event.detail.requestConfig;
    gy.signIn().then(function () {
      window.htmx.ajax(config.verb, config.path, { source: config.elt, event: config.triggeringEvent });
    }, function () { /* put off: the page stays as it is */ });
  });
  document.addEventListener('htmx:sendError', function () { gy.say(TEXT.offline); });

  // --- Plain forms: look before sending ---------------------------------------------------------
  gy.beforeSubmit = [];
  var passed = null;
  document.addEventListener('submit', function (event) {
    var kept = event.target;
    if (!kept.matches('form[data-keep]')) return;
    if (passed === kept) { passed = null; kept.setAttribute('data-sent', ''); return; }
    event.preventDefault();
    event.stopPropagation();
    if (kept.hasAttribute('data-sent') || kept.hasAttribute('data-checking')) return;
    kept.setAttribute('data-checking', '');
    var submitter = event.submitter;
    gy.fetch(sessionUrl).then(function () {
      return Promise.all(gy.beforeSubmit.map(function (hook) { return hook(kept); }));
    }).then(function (answers) {
      if (answers.indexOf(false) >= 0) { gy.say(TEXT.unsaved); return; }
      freshen();
      passed = kept;
      kept.requestSubmit(submitter || undefined);
      passed = null;
    }).catch(function (error) {
      if (error instanceof TypeError) gy.say(TEXT.offline);
    }).then(function () { kept.removeAttribute('data-checking'); });
  }, true);
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (sent) { sent.removeAttribute('data-sent'); });
  });
  document.addEventListener('htmx:afterRequest', function (event) {
    var sent = event.detail.elt.closest && event.detail.elt.closest('form[data-sent]');
    if (sent) sent.removeAttribute('data-sent');
  });

  // --- Drafts in this browser, until the server has them -----------------------------------------
  var PREFIX = 'gy-draft:' + user + ':';
  var WEEK = 7 * 24 * 3600 * 1000;
  gy.drafts = {
    keep: function (key, value, base) {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify({ value: value, base: base, at: Date.now() }));
        return true;
      } catch (full) { return false; }
    },
    get: function (key) {
      try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch (broken) { return null; }
    },
    drop: function (key) { try { localStorage.removeItem(PREFIX + key); } catch (blocked) { /* nothing kept */ } },
    keys: function () {
      try {
        return Object.keys(localStorage).filter(function (key) { return key.indexOf(PREFIX) === 0; });
      } catch (blocked) { return []; }
    }
  };
  gy.drafts.keys().forEach(function (key) {
    var short = key.slice(PREFIX.length);
    var draft = gy.drafts.get(short);
    if (!draft || Date.now() - draft.at > WEEK) gy.drafts.drop(short);
  });
  document.querySelectorAll('[data-draft-done]').forEach(function (mark) {
    var done = mark.getAttribute('data-draft-done');
    gy.drafts.keys().forEach(function (key) {
      var short = key.slice(PREFIX.length);
      if (short === done || short.indexOf(done + '#') === 0) gy.drafts.drop(short);
    });
  });

  function note(field, text, act) {
    var line = document.createElement('p');
    line.className = 'warnline';
    line.setAttribute('role', 'status');
    line.appendChild(document.createTextNode(text + ' '));
    Object.keys(act).forEach(function (label) {
      var choose = document.createElement('button');
      choose.type = 'button';
      choose.className = 'btn btn-q btn-s';
      choose.textContent = label;
      choose.addEventListener('click', function () { act[label](); line.remove(); });
      line.appendChild(choose);
    });
    field.insertAdjacentElement('afterend', line);
  }
  function put(field, value) {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  document.querySelectorAll('[data-draft-key]').forEach(function (field) {
    var key = field.getAttribute('data-draft-key');
    var base = field.defaultValue;
    var draft = gy.drafts.get(key);
    field.addEventListener('input', function () {
      if (field.value === base) gy.drafts.drop(key); else gy.drafts.keep(key, field.value, base);
    });
    if (!draft || field.value !== base) return;
    if (draft.value === base) { gy.drafts.drop(key); return; }
    var choices = {};
    if (draft.base === base) {
      put(field, draft.value);
      choices[TEXT.dropIt] = function () { put(field, base); gy.drafts.drop(key); };
      note(field, TEXT.restored, choices);
    } else {
      choices[TEXT.useIt] = function () { put(field, draft.value); };
      choices[TEXT.dropIt] = function () { gy.drafts.drop(key); };
      note(field, TEXT.older, choices);
    }
  });
  document.querySelectorAll('form[data-logout]').forEach(function (leave) {
    leave.addEventListener('submit', function (event) {
      var left = gy.drafts.keys();
      if (left.length && !window.confirm(TEXT.leaving)) { event.preventDefault(); return; }
      left.forEach(function (key) { localStorage.removeItem(key); });
    });
  });

  // --- Two minutes' notice before an idle session ends --------------------------------------------
  var IDLE = (Number(body.getAttribute('data-idle-minutes')) || 30) * 60000;
  var NOTICE = 2 * 60000;
  var idle = document.getElementById('idle-dialog');
  function active() { try { localStorage.setItem('gy-active', String(Date.now())); } catch (blocked) { /* one tab only */ } last = Date.now(); }
  var last = Date.now();
  active();
  setInterval(function () {
    var elsewhere = 0;
    try { elsewhere = Number(localStorage.getItem('gy-active')) || 0; } catch (blocked) { elsewhere = 0; }
    var quiet = Date.now() - Math.max(last, elsewhere);
    if (quiet > IDLE - NOTICE && quiet < IDLE && !waiting) gy.openDialog(idle);
    else if (idle && idle.open) gy.closeDialog(idle);
  }, 10000);
  if (idle) idle.querySelector('[data-idle-extend]').addEventListener('click', function () {
    gy.fetch(sessionUrl).then(function () { gy.closeDialog(idle); }, function () { gy.say(TEXT.offline); });
  });
})();
