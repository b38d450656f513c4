/** Ticks off the rules of a new password while it is typed. The server checks all of them; what cannot be seen here is left unmarked. */
export function enhance(list) {
  const field = document.getElementById(list.dataset.for)
  if (!field) return
  const number = list.dataset.number.toLowerCase()
  const met = {
    length: password => [...password].length >= 8,
    kinds: password => [...password].length >= 14 || [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length >= 3,
    number: password => number === '' || !password.toLowerCase().includes(number),
  }
  const follow = () => {
    for (const rule of list.querySelectorAll('[data-rule]')) {
      rule.toggleAttribute('data-met', field.value !== '' && met[rule.dataset.rule](field.value))
      rule.toggleAttribute('data-missed', field.value !== '' && !met[rule.dataset.rule](field.value))
    }
  }
  field.addEventListener('input', follow)
  follow()
}
