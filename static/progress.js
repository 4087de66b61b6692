// Follows a job of the server: [data-progress-url] answers {state, progress, message, url}.
// With data-progress-go the page moves on by itself when the job is done.
(function () {
  var gy = window.gy;
  var TEXT = { offline: '暂时连不上服务器，正在重试。', open: '打开', failed: '没有成功。' };

  function follow(box) {
    var bar = box.querySelector('svg');
    var fill = box.querySelector('[data-progress-fill]');
    var words = box.querySelector('[data-progress-text]');
    var link = box.querySelector('[data-progress-link]');
    var wait = 800;
    box.setAttribute('data-following', '');
    if (link) link.hidden = true;

    function say(text) { if (text && words.textContent !== text) words.textContent = text; }
    function draw(percent) {
      var width = Math.max(0, Math.min(100, Number(percent) || 0));
      fill.setAttribute('width', width + '%');
      bar.setAttribute('aria-valuenow', String(Math.round(width)));
    }
    function end(job) {
      say(job.message || (job.state === 'done' ? '' : TEXT.failed));
      if (job.state === 'done') draw(100);
      if (job.state === 'done' && job.url && box.hasAttribute('data-progress-go')) { location.assign(job.url); return; }
      if (!link) return;
      link.hidden = false;
      var anchor = link.querySelector('a');
      if (job.url) { anchor.href = job.url; anchor.textContent = TEXT.open; }
    }
    function ask() {
      if (!document.body.contains(box)) return;
      gy.fetch(box.getAttribute('data-progress-url')).then(function (answer) {
        if (!answer.ok) throw new TypeError(String(answer.status));
        return answer.json();
      }).then(function (job) {
        draw(job.progress);
        if (/^(done|failed|cancelled)$/.test(job.state)) { end(job); return; }
        say(job.message);
        wait = Math.min(wait * 1.2, 3000);
        setTimeout(ask, wait);
      }).catch(function (error) {
        if (error && error.message === 'put off') { if (link) link.hidden = false; return; }
        say(TEXT.offline);
        setTimeout(ask, 5000);
      });
    }
    ask();
  }

  function scan() {
    Array.prototype.forEach.call(document.querySelectorAll('[data-progress-url]'), function (box) {
      if (!box.hasAttribute('data-following')) follow(box);
    });
  }
  scan();
  document.addEventListener('htmx:afterSettle', scan);
})();
