(() => {
  if (window.okrLinks) return;
  window.okrLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".okr a[data-turn]");
    if (!link || event.defaultPrevented || event.button) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || address.hash) return;
    event.preventDefault();
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  let patience = 40;
  const seek = setInterval(() => {
    const row = document.querySelector(".okr .is-open");
    if (!row && --patience) return;
    clearInterval(seek);
    if (!row) return;
    const box = row.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight - 240) row.scrollIntoView({ block: "start" });
  }, 200);
})();
