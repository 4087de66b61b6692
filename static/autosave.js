// Saves each field of form[data-autosave-url] on its own: 1.5 s after the last key, or on leaving.
// One field a request: field, value, version → {version, saved_at, state, message}, or 409
// {code: "conflict", mine, theirs, version}. Only the state span and a line below the field
// change, never the input: that would break the caret and Chinese input methods.
//   data-version on the field (or the form): the version it was rendered with
//   [data-save-for="name"]: the state span      [data-version-of="name"]: hidden input kept current
//   data-no-save on a field: left alone         data-draft-key on the form: names the copies here
(function () {
  var gy = window.gy;
  var REST = 1500;
  var RETRY = [3000, 6000, 12000, 30000];
  var TEXT = {
    saving: '正在保存…', saved: '已保存 ', here: '未保存，已存在本机', nowhere: '未保存，请先不要关闭本页',
    invalid: '内容不符合要求，已按原样保存', clash: '有人同时改了这一栏，请选一份',
    mine: '您写的', theirs: '对方写的', keepMine: '用我的', keepTheirs: '用对方的', blank: '（空白）',
    signIn: '登录已过期，已存在本机', refused: '没有保存：', retry: '有内容没有存到服务器，连上后会自动再存。请不要关闭本页。'
  };

  function clock(stamp) {
    var time = stamp ? new Date(stamp) : new Date();
    return time.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' });
  }

  function start(form) {
    var url = form.getAttribute('data-autosave-url');
    var name = form.getAttribute('data-draft-key') || url;
    var fields = {};
    form.setAttribute('data-autosaving', '');

    function inputs(field) {
      return Array.prototype.filter.call(form.elements, function (one) { return one.name === field; });
    }
    function values(field) {
      var all = inputs(field);
      if (!/^(radio|checkbox)$/.test(all[0].type)) return [all[0].value];
      var on = all.filter(function (one) { return one.checked; }).map(function (one) { return one.value; });
      return on.length ? on : [''];
    }
    function text(field) { return values(field).join('、'); }
    // What the server rendered; a quick person, or the browser going back, may have changed it
    // before this script ran.
    function rendered(field) {
      var all = inputs(field);
      if (/^(radio|checkbox)$/.test(all[0].type)) {
        return all.filter(function (one) { return one.defaultChecked; })
          .map(function (one) { return one.value; }).join('、');
      }
      if (!all[0].options) return all[0].defaultValue;
      var chosen = Array.prototype.filter.call(all[0].options, function (one) { return one.defaultSelected; })[0];
      return chosen ? chosen.value : all[0].options.length ? all[0].options[0].value : '';
    }
    function fill(field, value) {
      var all = inputs(field);
      if (/^(radio|checkbox)$/.test(all[0].type)) {
        var chosen = value.split('、');
        all.forEach(function (one) { one.checked = chosen.indexOf(one.value) >= 0; });
      } else all[0].value = value;
    }

    // --- What a person sees -----------------------------------------------------------------
    function show(field, icon, words, kind) {
      var span = form.querySelector('[data-save-for="' + field + '"]');
      if (!span) return;
      var label = document.createElement('span');
      label.textContent = words;
      // Only the outcome is read aloud, once a burst.
      if (kind === 'busy') label.setAttribute('aria-hidden', 'true');
      span.className = 'save' + (kind === 'ok' ? ' ok' : kind === 'bad' ? ' bad' : '');
      span.textContent = '';
      span.appendChild(gy.icon(icon));
      span.appendChild(label);
    }
    function below(field) {
      var all = inputs(field);
      return all[0].closest('.radios') || all[0].closest('.unitin') || all[0];
    }
    function message(field, words) {
      var state = fields[field];
      if (state.line) { state.line.remove(); state.line = null; }
      if (!words) return;
      state.line = document.createElement('p');
      state.line.className = 'warnline';
      state.line.textContent = words;
      below(field).insertAdjacentElement('afterend', state.line);
    }
    function side(title, words, label, act) {
      var box = document.createElement('div');
      var head = document.createElement('h3');
      var copy = document.createElement('pre');
      var button = document.createElement('button');
      head.textContent = title;
      copy.textContent = words || TEXT.blank;
      button.type = 'button';
      button.className = 'btn btn-s';
      button.textContent = label;
      button.addEventListener('click', act);
      box.appendChild(head); box.appendChild(copy); box.appendChild(button);
      return box;
    }
    function clash(field, answer) {
      var state = fields[field];
      if (state.clash) state.clash.remove();
      var box = document.createElement('div');
      var head = document.createElement('p');
      var two = document.createElement('div');
      box.className = 'clash';
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', TEXT.clash);
      head.className = 'strong';
      head.textContent = TEXT.clash;
      two.className = 'clash-two';
      function settle() { box.remove(); state.clash = null; setVersion(field, answer.version); }
      two.appendChild(side(TEXT.mine, text(field), TEXT.keepMine, function () { settle(); save(field); }));
      two.appendChild(side(TEXT.theirs, answer.theirs, TEXT.keepTheirs, function () {
        settle();
        fill(field, answer.theirs || '');
        state.sent = text(field);
        state.dirty = false;
        gy.drafts.drop(name + '#' + field);
        show(field, 'cloud-check', TEXT.saved + clock(), 'ok');
        inputs(field)[0].focus();
      }));
      box.appendChild(head); box.appendChild(two);
      below(field).insertAdjacentElement('afterend', box);
      state.clash = box;
      show(field, 'git-compare', TEXT.clash, 'bad');
    }

    // --- Saving ---------------------------------------------------------------------------------
    function setVersion(field, version) {
      fields[field].version = version;
      var kept = form.querySelector('[data-version-of="' + field + '"]');
      if (kept) kept.value = version;
    }
    function bodyOf(field) {
      var body = new URLSearchParams();
      body.append('field', field);
      values(field).forEach(function (value) { body.append('value', value); });
      body.append('version', fields[field].version);
      return body;
    }
    function failed(field) {
      var state = fields[field];
      var stored = gy.drafts.keep(name + '#' + field, text(field), state.base);
      state.tries += 1;
      show(field, 'cloud-off', stored ? TEXT.here : TEXT.nowhere, 'bad');
      if (state.tries === 2) { state.warned = true; gy.say(TEXT.retry); }
      clearTimeout(state.timer);
      state.timer = setTimeout(function () { save(field); }, RETRY[Math.min(state.tries, RETRY.length) - 1]);
    }
    function saved(field, answer, sent) {
      var state = fields[field];
      setVersion(field, answer.version);
      state.tries = 0;
      state.sent = sent;
      state.base = sent;
      state.dirty = text(field) !== sent;
      if (!state.dirty) gy.drafts.drop(name + '#' + field);
      if (state.warned) { state.warned = false; gy.unsay(); }
      if (answer.state === 'invalid') show(field, 'alert-circle', TEXT.invalid, 'bad');
      else show(field, 'cloud-check', TEXT.saved + clock(answer.saved_at), 'ok');
      message(field, answer.message || '');
      form.dispatchEvent(new CustomEvent('gy:saved', { bubbles: true, detail: { field: field, answer: answer } }));
    }
    // Returns a promise of true when the server has what the field now holds.
    function save(field) {
      var state = fields[field];
      clearTimeout(state.timer);
      if (state.flying) return state.flying.then(function () { return state.dirty ? save(field) : !state.clash; });
      if (state.clash) return Promise.resolve(false);
      if (state.composing) return Promise.resolve(false);
      var sent = text(field);
      if (sent === state.sent) { state.dirty = false; return Promise.resolve(true); }
      show(field, 'refresh', TEXT.saving, 'busy');
      state.flying = gy.fetch(url, { method: 'POST', body: bodyOf(field) }).then(function (answer) {
        return answer.json().catch(function () { return {}; }).then(function (content) {
          if (answer.ok) { saved(field, content, sent); return true; }
          // An answer that got lost, or two tabs with the same words: nothing to choose.
          if (answer.status === 409 && content.theirs === sent) {
            saved(field, { version: content.version, state: 'saved' }, sent);
            return true;
          }
          if (answer.status === 409) { clash(field, content); return false; }
          if (answer.status < 500 && content.message) {
            gy.drafts.keep(name + '#' + field, sent, state.base);
            show(field, 'cloud-off', TEXT.refused + content.message, 'bad');
            return false;
          }
          failed(field);
          return false;
        });
      }).catch(function (error) {
        failed(field);
        if (error && error.message === 'put off') {
          clearTimeout(state.timer);  // asked again by the next key, not behind the person's back
          show(field, 'cloud-off', TEXT.signIn, 'bad');
        }
        return false;
      }).then(function (done) {
        state.flying = null;
        if (done && state.dirty) rest(field);
        return done;
      });
      return state.flying;
    }
    function rest(field) {
      clearTimeout(fields[field].timer);
      fields[field].timer = setTimeout(function () { save(field); }, REST);
    }

    // --- Listening --------------------------------------------------------------------------------
    function own(event) { return event.target.name && fields[event.target.name] ? event.target.name : null; }
    form.addEventListener('compositionstart', function (event) {
      var field = own(event);
      if (field) { fields[field].composing = true; clearTimeout(fields[field].timer); }
    });
    form.addEventListener('compositionend', function (event) {
      var field = own(event);
      if (field) { fields[field].composing = false; fields[field].dirty = true; rest(field); }
    });
    form.addEventListener('input', function (event) {
      var field = own(event);
      if (!field) return;
      fields[field].dirty = true;
      if (!event.isComposing && !fields[field].composing) {
        gy.drafts.keep(name + '#' + field, text(field), fields[field].base);
        rest(field);
      }
    });
    form.addEventListener('change', function (event) {
      var field = own(event);
      if (field) { fields[field].composing = false; save(field); }
    });
    form.addEventListener('focusout', function (event) {
      var field = own(event);
      if (field && fields[field].dirty) { fields[field].composing = false; save(field); }
    });

    Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || fields[one.name] || one.hasAttribute('data-no-save')) return;
      if (/^(hidden|file|submit|button|password)$/.test(one.type) || one.type === 'fieldset') return;
      var version = one.getAttribute('data-version') || form.getAttribute('data-version') || '0';
      fields[one.name] = { version: version, tries: 0, dirty: false, composing: false, flying: null, timer: 0 };
    });
    Object.keys(fields).forEach(function (field) {
      var state = fields[field];
      state.sent = state.base = rendered(field);
      if (text(field) !== state.base) { state.dirty = true; save(field); return; }
      var draft = gy.drafts.get(name + '#' + field);
      if (!draft) return;
      if (draft.value === state.base) { gy.drafts.drop(name + '#' + field); return; }
      // What this browser kept is put back; if the server has moved on, the versions clash and
      // the person chooses.
      if (draft.base === state.base) { fill(field, draft.value); state.dirty = true; save(field); return; }
      var theirs = state.base;
      fill(field, draft.value);
      clash(field, { theirs: theirs, version: state.version });
    });

    function pending() {
      return Object.keys(fields).filter(function (field) { return fields[field].dirty || fields[field].clash; });
    }
    window.addEventListener('online', function () { pending().forEach(save); });
    document.addEventListener('visibilitychange', function () {
      if (document.visibilityState === 'hidden') pending().forEach(save);
    });
    gy.beforeSubmit.push(function (sent) {
      if (sent !== form) return true;
      return Promise.all(pending().map(function (field) {
        fields[field].composing = false;
        return save(field).then(function (done) { if (!done) inputs(field)[0].focus(); return done; });
      })).then(function (all) { return all.indexOf(false) < 0; });
    });
  }

  function scan(part) {
    Array.prototype.forEach.call(part.querySelectorAll('form[data-autosave-url]'), function (form) {
      if (!form.hasAttribute('data-autosaving')) start(form);
    });
  }
  scan(document);
  document.addEventListener('htmx:afterSettle', function () { scan(document); });
})();
