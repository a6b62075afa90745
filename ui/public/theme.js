// Runs before anything is painted, so that a chosen theme does not flash. A file of its own, because the page allows no inline script.
try {
  var theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (_) {
  // No storage: the system's theme it is.
}
