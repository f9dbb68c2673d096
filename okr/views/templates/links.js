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
    turnTo(address);
  });
  const turnTo = (address) => {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
  let turning = 0;
  const showDay = (field) => {
    clearTimeout(turning);
    if (!field.checkValidity()) return;
    const address = new URL(location);
    if (field.value && field.value !== field.dataset.today) address.searchParams.set("as_of", field.value);
    else address.searchParams.delete("as_of");
    if (address.href !== location.href) turnTo(address);
  };
  // A day that is typed is a day after each digit: it is shown once nobody goes on typing.
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".day-pick input")) return;
    clearTimeout(turning);
    turning = setTimeout(showDay, 800, event.target);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".day-pick")) return;
    event.preventDefault();
    showDay(event.target.querySelector("input"));
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
