/** The box in a table's head: chooses every row, and shows when only some are chosen. */
export function enhance(box) {
  const rows = () => [...box.closest('table').querySelectorAll('tbody .check')]
  box.addEventListener('change', () => {
    for (const row of rows()) row.checked = box.checked
  })
  box.closest('table').addEventListener('change', () => {
    const chosen = rows().filter(row => row.checked).length
    box.checked = chosen > 0 && chosen === rows().length
    box.indeterminate = chosen > 0 && !box.checked
  })
}
