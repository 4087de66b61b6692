// The entry form: reasons of a return tick themselves, files go up without leaving the page, and
// what the server computed or understood follows each save.
(function () {
  var form = document.getElementById('form');
  var gy = window.gy;
  if (!form || !gy) return;

  var current = document.querySelector('.rail [aria-current]');
  var rail = current && current.closest('.rail');
  if (rail && rail.scrollHeight > rail.clientHeight) rail.scrollTop = current.offsetTop - rail.clientHeight / 3;

  // --- Reasons of a return ----------------------------------------------------------------------
  function same(a, b) { return a.replace(/\r\n/g, '\n').trim() === b.replace(/\r\n/g, '\n').trim(); }
  function tick(field, changed) {
    var item = form.querySelector('[data-tick="' + field.name + '"]');
    var why = form.querySelector('[data-why="' + field.name + '"]');
    field.classList.toggle('fix', !changed);
    if (why) why.classList.toggle('done', changed);
    if (!item) return;
    item.classList.toggle('muted', changed);
    item.querySelector('[data-tick-open]').hidden = changed;
    item.querySelector('[data-tick-done]').hidden = !changed;
    item.querySelector('[data-tick-word]').hidden = !changed;
  }
  form.addEventListener('input', function (event) {
    var was = event.target.getAttribute('data-was');
    if (was !== null) tick(event.target, !same(event.target.value, was));
  });

  // --- Length of the texts -----------------------------------------------------------------------
  var LIMIT = 5000;
  function count(area) {
    var place = form.querySelector('[data-count-of="' + area.id + '"]');
    if (!place) return;
    var left = LIMIT - area.value.length;
    place.textContent = left < 0 ? '超出 ' + (-left) + ' 字' : left < 500 ? '还可以写 ' + left + ' 字' : area.value.length + ' 字';
  }
  Array.prototype.forEach.call(form.querySelectorAll('textarea'), function (area) {
    count(area);
    area.addEventListener('input', function () { count(area); });
  });
  // --- What the server computes ------------------------------------------------------------------------
  form.addEventListener('gy:saved', function (event) {
    var carried = form.querySelector('[data-prefilled-of="' + event.detail.field + '"]');
    var understood = form.querySelector('[data-read-of="' + event.detail.field + '"]');
    if (carried) carried.hidden = true;
    if (understood) {
      understood.hidden = !event.detail.answer.read_as;
      understood.querySelector('b').textContent = event.detail.answer.read_as || '';
    }
    var place = form.querySelector('[data-progress-of="' + event.detail.field + '"]');
    if (!place) return;
    gy.fetch(place.getAttribute('data-progress')).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (html) { if (html) place.innerHTML = html; }, function () { /* the old line stays */ });
  });

  // Enter in the number stores it; only the buttons say that the form is finished.
  form.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.target.matches('input.in')) { event.preventDefault(); event.target.dispatchEvent(new Event('change', { bubbles: true })); }
  });

  // --- Files -----------------------------------------------------------------------------------------------
  Array.prototype.forEach.call(form.querySelectorAll('[data-drop]'), function (drop) {
    var input = drop.querySelector('input[type=file]');
    var list = form.querySelector('[data-files-of="' + input.name + '"]');
    var problem = form.querySelector('[data-drop-error="' + input.name + '"]');
    var url = drop.getAttribute('data-drop');
    var limit = Number(input.getAttribute('data-limit'));
    drop.querySelector('[data-upload]').hidden = true;

    function say(text) { problem.hidden = !text; problem.textContent = text; }
    function also(text) { say(problem.textContent ? problem.textContent + ' ' + text : text); }
    function send(body) {
      drop.setAttribute('aria-busy', 'true');
      return gy.fetch(url, { method: 'POST', body: body }).then(function (answer) {
        if (answer.ok) return answer.text().then(function (html) { list.innerHTML = html; });
        return answer.json().then(function (told) { also(told.message || '没有传上，请再试一次。'); }, function () { also('没有传上，请再试一次。'); });
      }, function () { also('没有传上，请检查网络后再试。'); }).then(function () {
        drop.removeAttribute('aria-busy');
        input.value = '';
      });
    }
    // One by one, so that a refused file does not keep the others out of the list.
    function sendFiles(files) {
      say('');
      Array.prototype.slice.call(files).reduce(function (before, file) {
        return before.then(function () {
          if (file.size > limit) {
            also('“' + file.name + '”超过 ' + limit / 1048576 + ' MB，请压缩后再传。');
            return null;
          }
          var body = new FormData();
          body.append(input.name, file);
          return send(body);
        });
      }, Promise.resolve()).then(function () { input.value = ''; });
    }
    input.addEventListener('change', function () { sendFiles(input.files); });
    drop.addEventListener('dragover', function (event) { event.preventDefault(); drop.classList.add('over'); });
    drop.addEventListener('dragleave', function () { drop.classList.remove('over'); });
    drop.addEventListener('drop', function (event) {
      event.preventDefault();
      drop.classList.remove('over');
      sendFiles(event.dataTransfer.files);
    });
    list.addEventListener('click', function (event) {
      var button = event.target.closest('[data-remove]');
      if (!button) return;
      event.preventDefault();
      var body = new FormData();
      body.append('remove', button.value);
      say('');
      send(body).then(function () { input.focus(); });
    });
  });
})();
