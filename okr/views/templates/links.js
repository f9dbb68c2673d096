(() => {
  if (window.okrLinks) return;
  window.okrLinks = true;
  const entitle = () => {
    if (!document.title.endsWith("OKR Board")) document.title += " · OKR Board";
  };
  new MutationObserver(entitle).observe(document.querySelector("title"), { childList: true });
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
  // Streamlit offers to add what is typed before the person or objective whose name begins so. Enter
  // takes that one, unless somebody has chosen with the arrows.
  const named = ["by", "Owner", "Objective"].map((name) => `[class*='st-key-${name}-']`).join();
  let key = "";
  document.addEventListener("keydown", (event) => {
    if (!event.isTrusted) return;
    const before = key;
    key = event.key;
    const field = event.target;
    if (key !== "Enter" || before.startsWith("Arrow") || !field.closest?.(named)) return;
    const list = document.getElementById(field.getAttribute("aria-controls"));
    const options = list ? [...list.querySelectorAll("[role=option]")] : [];
    const [added, ...names] = options.map((one) => one.textContent.toLowerCase());
    const typed = field.value.trim().toLowerCase();
    const begins = names.filter((name) => name.startsWith(typed));
    if (!typed || added !== `add: ${field.value.toLowerCase()}`) return;
    if (begins.length !== 1 || begins[0] !== names[0]) return;
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
  }, true);
  let patience = 60;
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
  let refused = "";
  let signed = "";
  let confirmed = "";
  let waiting = null;
  document.addEventListener("focusin", () => (waiting = null));
  // The form that was sent goes, and the focus with it: it goes on at what is said in its place.
  const goOn = (hasForm) => {
    const told = document.querySelector(".okr .saved[role=status]");
    const said = told ? told.textContent : "";
    if (said && said !== confirmed) waiting = told;
    if (said || hasForm) confirmed = said;
    if (!waiting || document.activeElement !== document.body) return;
    (waiting.isConnected ? waiting : told)?.focus();
    waiting = null;
  };
  const remember = (person) => {
    document.cookie = `okr_who=${encodeURIComponent(person)}; path=/; max-age=31536000; samesite=lax`;
  };
  const attend = () => {
    const mark = [...document.querySelectorAll(".okr[data-focus]")].at(-1);
    const wanted = mark ? mark.dataset.focus : "";
    if (wanted !== focused) {
      const field = wanted && document.querySelector(`.${CSS.escape(wanted)} :is(input, textarea, button)`);
      if (field) field.focus();
      if (field || !wanted) focused = wanted;
    }
    const told = [...document.querySelectorAll(".okr .refused[role=alert]")].at(-1);
    const said = told ? told.textContent : "";
    if (said && said !== refused) told.scrollIntoView({ block: "nearest" });
    refused = said;
    goOn(Boolean(mark));
    const signature = document.querySelector(".okr[data-by]");
    if (signature && signature.dataset.by !== signed) remember((signed = signature.dataset.by));
    const person = document.querySelector(".okr[data-who]");
    if (!person || person.dataset.who === known) return;
    known = person.dataset.who;
    remember(known);
    const address = new URL(location);
    if (address.searchParams.get("who") === known) return;
    address.searchParams.set("who", known);
    history.replaceState(history.state, "", address);
  };
  new MutationObserver(attend).observe(document.body, {
    attributeFilter: ["data-by", "data-focus", "data-who"],
    childList: true,
    subtree: true,
  });
  attend();
})();
