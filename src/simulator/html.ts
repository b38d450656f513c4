/** Text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** A small page of the platform: title, body, the shared stylesheet. */
export function platformPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/simulator/assets/tokens.css">
<link rel="stylesheet" href="/simulator/assets/platform.css">
<script type="module" src="/simulator/assets/platform.js"></script>
</head>
<body class="platform">
<main>${body}</main>
</body>
</html>`
}

/** A list of people as links, with a search field over it. */
export function peopleList(people: { name: string; about: string; href: string }[]): string {
  const items = people.map(({ name, about, href }) => {
    const search = escapeHtml(`${name} ${about}`.toLowerCase())
    return `<li data-search="${search}"><a href="${escapeHtml(href)}"><b>${escapeHtml(name)}</b><span>${escapeHtml(about)}</span></a></li>`
  })
  return `<label class="find">查找<input type="search" id="find" autocomplete="off" placeholder="姓名、账号、部门"></label>
<ul class="people" id="people">${items.join('')}</ul><p class="none" id="none" hidden>没有这个人</p>`
}
