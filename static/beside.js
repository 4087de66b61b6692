// Beside the text of an entry: sentences of the register of events, put behind what is there.
(function () {
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-insert]');
    if (!button) return;
    var area = document.getElementById(button.getAttribute('data-insert'));
    var words = button.parentNode.querySelector('[data-sentence]').textContent.trim();
    area.value = area.value.trim() ? area.value.replace(/\s+$/, '') + words : words;
    area.dispatchEvent(new Event('input', { bubbles: true })); // autosave takes it from here
    button.disabled = true;
    button.textContent = button.getAttribute('data-done');
    area.focus();
  });
})();
