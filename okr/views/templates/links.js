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
  let focused = "";
  let known = "";
  const attend = () => {
    const mark = document.querySelector(".okr[data-focus]");
    const wanted = mark ? mark.dataset.focus : "";
    if (wanted !== focused) {
      const field = wanted && document.querySelector(`.${CSS.escape(wanted)} :is(input, button)`);
      if (field) field.focus();
      if (field || !wanted) focused = wanted;
    }
    const person = document.querySelector(".okr[data-who]");
    if (!person || person.dataset.who === known) return;
    known = person.dataset.who;
    document.cookie = `okr_who=${encodeURIComponent(known)}; path=/; max-age=31536000; samesite=lax`;
    const address = new URL(location);
    if (address.searchParams.get("who") === known) return;
    address.searchParams.set("who", known);
    history.replaceState(history.state, "", address);
  };
  new MutationObserver(attend).observe(document.body, {
    attributeFilter: ["data-focus", "data-who"],
    childList: true,
    subtree: true,
  });
  attend();
})();
