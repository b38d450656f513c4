// Fields that are asked only for one answer of an earlier field. Without this file they stand there with their help text,
// and the server drops what is not asked.
for (const part of document.querySelectorAll('[data-when-field]')) {
  const { whenField, whenIs } = part.dataset
  const form = part.closest('form')
  const follow = () => { part.hidden = new FormData(form).get(whenField) !== whenIs }
  form.addEventListener('change', follow)
  follow()
}
